import { z } from "zod";
import { PageQuery, pageOf, Timestamp } from "../../schemas.ts";
import { latitude, longitude } from "../weather/providers/provider.ts";
import * as weather from "../weather/weather.schema.ts";
import type { Favorite } from "./favorites.repository.ts";

export const FavoriteCreate = z
  .strictObject({ city: weather.PlaceName, lat: latitude, lon: longitude })
  .partial()
  .refine(weather.isOnePlace, weather.ONE_PLACE);

export const FavoriteQuery = PageQuery;
export type FavoriteQuery = z.infer<typeof FavoriteQuery>;

export const FavoriteResponse = z.object({
  id: z.uuid(),
  location: weather.Location,
  createdAt: Timestamp,
});

export const FavoritePage = pageOf(FavoriteResponse);

export const FavoritesWeatherResponse = z.object({
  items: z.array(
    z.object({
      favorite: FavoriteResponse,
      weather: weather.CurrentWeatherResponse.nullable(),
      error: z.object({ status: z.int(), detail: z.string() }).nullable(),
    }),
  ),
});

export function toResponse({ id, name, country, lat, lon, createdAt }: Favorite) {
  return { id, location: { name, country, lat, lon }, createdAt };
}
