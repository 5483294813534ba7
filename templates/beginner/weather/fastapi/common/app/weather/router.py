"""`/api/v1/weather` and `/api/v1/locations`, open to all."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.weather import schemas
from app.weather.dependencies import WeatherDep

router = APIRouter(tags=["weather"])


@router.get("/weather/current")
@router.head("/weather/current", include_in_schema=False)
async def get_current_weather(
    place: Annotated[schemas.PlaceQuery, Query()], weather: WeatherDep, response: Response
) -> schemas.CurrentWeatherOut:
    """Return the weather of a place now. While the provider fails it is the last that is known."""
    current, age = await weather.current(await weather.locate(place))
    _set_age(response, age)
    return current


@router.get("/weather/forecast")
@router.head("/weather/forecast", include_in_schema=False)
async def get_forecast(
    query: Annotated[schemas.ForecastQuery, Query()], weather: WeatherDep, response: Response
) -> schemas.ForecastOut:
    """Return the weather of the next days, today included; fewer if the provider sees less far."""
    forecast, age = await weather.forecast(await weather.locate(query), query.days)
    _set_age(response, age)
    return forecast


@router.get("/locations")
@router.head("/locations", include_in_schema=False)
async def find_locations(
    q: Annotated[schemas.PlaceName, Query()], weather: WeatherDep, response: Response
) -> schemas.PlaceList:
    """Find places by name, the likeliest first."""
    found = await weather.find_places(q)
    _set_age(response, found.age)
    return schemas.PlaceList(items=found.data)


def _set_age(response: Response, age: int | None) -> None:
    if age is not None:
        response.headers["Age"] = str(age)  # RFC 9111: for how long it has been stored
