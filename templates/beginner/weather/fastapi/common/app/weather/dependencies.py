"""The weather service: made when the process starts, and the same for all requests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import httpx
from fastapi import Depends, FastAPI, Request

from app.weather.providers.open_meteo import OpenMeteo
from app.weather.providers.openweathermap import OpenWeatherMap
from app.weather.service import WeatherService


@asynccontextmanager
async def weather(app: FastAPI) -> AsyncIterator[None]:
    settings = app.state.settings
    provider = OpenMeteo if settings.weather_provider == "open-meteo" else OpenWeatherMap
    # Without a time-out of httpx: the client has one for the whole of a request.
    async with httpx.AsyncClient(timeout=None) as http:  # noqa: S113
        app.state.weather = WeatherService(provider(http, settings), app.state.cache, settings)
        yield


async def get_weather(request: Request) -> WeatherService:
    service: WeatherService = request.app.state.weather
    return service


WeatherDep = Annotated[WeatherService, Depends(get_weather)]
