"""`/api/v1/favorites`."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Response

from app.auth.dependencies import CurrentUser
from app.auth.scheme import CHALLENGE
from app.auth.service import release
from app.database import DbDep
from app.favorites import schemas, service
from app.favorites.dependencies import OwnFavorite
from app.favorites.models import Favorite
from app.weather.dependencies import WeatherDep
from app.weather.service import WeatherService

# Each may cost a request to the provider, and one call must not set off thousands.
MAX_AT_ONCE = 50

router = APIRouter(prefix="/favorites", tags=["favorites"])


@router.post("", status_code=201)
async def add_favorite(
    user: CurrentUser, body: schemas.FavoriteCreate, db: DbDep, weather: WeatherDep, response: Response
) -> schemas.FavoriteOut:
    """Remember a place, by a city or by coordinates. Twice is 409."""
    await release(db)  # the provider can take seconds
    favorite = await service.create_favorite(db, user.id, await weather.locate(body))
    # In these seconds the account may have been deleted. Do not check before the insert: the deletion can
    # come in between.
    if not await service.owner_exists(db, user.id):
        await service.delete_favorites_of(db, user.id)
        raise HTTPException(401, "This account was deleted.", CHALLENGE)
    response.headers["Location"] = f"/api/v1/favorites/{favorite.id}"
    return schemas.FavoriteOut.of(favorite)


@router.get("")
@router.head("", include_in_schema=False)
async def list_favorites(
    user: CurrentUser, query: Annotated[schemas.FavoriteListQuery, Query()], db: DbDep
) -> schemas.FavoriteList:
    """List own favourites, newest first."""
    favorites = await service.list_favorites(db, user.id, query.cursor, query.limit + 1)
    items = [schemas.FavoriteOut.of(favorite) for favorite in favorites[: query.limit]]
    has_more = len(favorites) > query.limit
    return schemas.FavoriteList(items=items, next_cursor=items[-1].id if has_more else None)


@router.get("/weather")
@router.head("/weather", include_in_schema=False)
async def get_favorites_weather(
    user: CurrentUser, db: DbDep, weather: WeatherDep
) -> schemas.FavoriteWeatherList:
    """Return the weather of the newest favourites. One that fails leaves the others whole."""
    favorites = await service.list_favorites(db, user.id, None, MAX_AT_ONCE)
    await release(db)
    # All at the same time, so it takes as long as the slowest and not as long as all together.
    found = await asyncio.gather(*(_weather_of(favorite, weather) for favorite in favorites))
    return schemas.FavoriteWeatherList(items=found)


async def _weather_of(favorite: Favorite, weather: WeatherService) -> schemas.FavoriteWeather:
    out = schemas.FavoriteOut.of(favorite)
    try:
        current, _ = await weather.current(out.location)
    except HTTPException as problem:
        error = schemas.FavoriteError(status=problem.status_code, detail=problem.detail)
        return schemas.FavoriteWeather(favorite=out, error=error)
    return schemas.FavoriteWeather(favorite=out, weather=current)


# `:uuid`, or "weather" would be taken for an id.
@router.get("/{favorite_id:uuid}")
@router.head("/{favorite_id:uuid}", include_in_schema=False)
async def get_favorite(favorite: OwnFavorite) -> schemas.FavoriteOut:
    return schemas.FavoriteOut.of(favorite)


@router.delete("/{favorite_id:uuid}", status_code=204)
async def delete_favorite(favorite: OwnFavorite, db: DbDep) -> None:
    """Forget a favourite."""
    await service.delete_favorite(db, favorite)
