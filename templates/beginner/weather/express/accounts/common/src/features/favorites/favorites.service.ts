import { isHttpError } from "http-errors";
import { v7 as uuidv7 } from "uuid";
import { notFound } from "../../errors.ts";
import { type OwnedKey, toPage } from "../../schemas.ts";
import type { Location, PlaceQuery } from "../weather/weather.schema.ts";
import { currentWeather, locate } from "../weather/weather.service.ts";
import * as repository from "./favorites.repository.ts";
import { type FavoriteQuery, toResponse } from "./favorites.schema.ts";

/** Each costs a request to the provider if it is not cached: one call must not set off thousands. */
const MAX_AT_ONCE = 50;

export const addFavorite = async (ownerId: string, place: PlaceQuery) =>
  remember(ownerId, await locate(place));

/** Do not look first whether it is there: another request can add it in between. The unique index decides. */
export const remember = (ownerId: string, location: Location) =>
  repository.insert({ ...location, id: uuidv7(), ownerId });

export async function getFavorite(key: OwnedKey): Promise<repository.Favorite> {
  const favorite = await repository.find(key);
  if (!favorite) throw notFound();
  return favorite;
}

export async function listFavorites(ownerId: string, { limit, cursor }: FavoriteQuery) {
  return toPage(await repository.list(ownerId, limit + 1, cursor), limit);
}

export async function deleteFavorite(key: OwnedKey): Promise<void> {
  if ((await repository.remove(key)) === 0) throw notFound();
}

/** All at the same time, so it takes as long as the slowest. What fails is said of that place, and of no other. */
export async function favoritesWeather(ownerId: string) {
  const favorites = (await repository.list(ownerId, MAX_AT_ONCE)).map(toResponse);
  const results = await Promise.allSettled(
    favorites.map(({ location }) => currentWeather(location)),
  );
  return results.map((result, i) => {
    const favorite = favorites[i];
    if (result.status === "fulfilled") {
      return { favorite, weather: result.value.weather, error: null };
    }
    const { reason } = result;
    if (!isHttpError(reason)) throw reason; // a bug or the database, not the provider
    return { favorite, weather: null, error: { status: reason.status, detail: reason.message } };
  });
}
