"""The weather, from the cache or from the provider."""

from fastapi import HTTPException

from app.cache import Cache
from app.config import Settings
from app.weather.providers.provider import CurrentWeather, Day, Place, WeatherProvider
from app.weather.schemas import CurrentWeatherOut, ForecastOut, Location, OnePlace
from app.weather.weather_cache import Cached, Entry, WeatherCache

DAY_SECONDS = 86_400


class WeatherService:
    def __init__(self, provider: WeatherProvider, cache: Cache, settings: Settings) -> None:
        self._provider = provider
        fresh, stale = settings.weather_fresh_seconds, settings.weather_stale_seconds

        def places_kept(places: list[Place]) -> int:
            return DAY_SECONDS if places else fresh  # a name that nobody has may come into use any time

        # Places do not move, so a name is asked for once a day.
        self._places = WeatherCache(cache, Entry[list[Place]], DAY_SECONDS, places_kept)
        self._current = WeatherCache(cache, Entry[CurrentWeather], fresh, lambda _: stale)
        self._forecasts = WeatherCache(cache, Entry[list[Day]], fresh, lambda _: stale)

    async def find_places(self, name: str) -> Cached[list[Place]]:
        key = f"places:{self._provider.name}:{name.casefold()}"
        return await self._places.get(key, lambda: self._provider.find_places(name))

    async def locate(self, place: OnePlace) -> Location:
        """Return where a place is. One that is given by its coordinates has no name."""
        if "city" not in place.model_fields_set:
            return Location(name=None, country=None, lat=place.lat, lon=place.lon)
        found = (await self.find_places(place.city)).data
        if not found:
            raise HTTPException(404, "There is no such place.")
        return Location.model_validate(found[0])

    async def current(self, location: Location) -> tuple[CurrentWeatherOut, int | None]:
        """Return the weather now, and its age in seconds if it was stored."""
        lat, lon, source = location.lat, location.lon, self._provider.name
        key = f"current:{source}:{lat}:{lon}"
        found = await self._current.get(key, lambda: self._provider.current(lat, lon))
        weather = found.data.model_dump()
        return CurrentWeatherOut(location=location, **weather, source=source, stale=found.stale), found.age

    async def forecast(self, location: Location, days: int) -> tuple[ForecastOut, int | None]:
        """Return the next days, and their age in seconds if they were stored."""
        lat, lon, source = location.lat, location.lon, self._provider.name
        key = f"forecast:{source}:{lat}:{lon}"
        # Seven days are fetched, however many are asked for. Then one entry of the cache serves all.
        found = await self._forecasts.get(key, lambda: self._provider.forecast(lat, lon))
        first = found.data[:days]
        return ForecastOut(location=location, source=source, stale=found.stale, days=first), found.age
