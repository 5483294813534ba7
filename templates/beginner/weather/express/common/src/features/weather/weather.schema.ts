import { z } from "zod";
import { integer, sized, Timestamp } from "../../schemas.ts";
import { CONDITIONS, latitude, longitude } from "./providers/provider.ts";

export const PlaceName = sized(z.string().trim(), 1, 100, true);

const fromText = <T extends z.ZodType<number, number>>(coordinate: T) =>
  z
    .string()
    .regex(/^[+-]?\d{1,3}(\.\d{1,15})?$/, "must be a number of degrees such as 52.52")
    .transform(Number)
    .pipe(coordinate);

/** Whether a place is given in one of the two ways, and whole. */
export function isOnePlace({ city, lat, lon }: { city?: unknown; lat?: unknown; lon?: unknown }) {
  return city === undefined
    ? lat !== undefined && lon !== undefined
    : lat === undefined && lon === undefined;
}
export const ONE_PLACE = { path: ["city"], error: "give either a city, or lat and lon" };

const Place = z.object({
  city: PlaceName.optional(),
  lat: fromText(latitude).optional(),
  lon: fromText(longitude).optional(),
});
export const PlaceQuery = Place.refine(isOnePlace, ONE_PLACE);
export type PlaceQuery = z.infer<typeof PlaceQuery>;

const days = integer(1, 7).default(7);
export const ForecastQuery = Place.extend({ days }).refine(isOnePlace, ONE_PLACE);

export const LocationQuery = z.object({ q: PlaceName });

export const Location = z.object({
  name: z.string().nullable(),
  country: z.string().nullable(),
  lat: z.number(),
  lon: z.number(),
});
export type Location = z.infer<typeof Location>;

const condition = z.enum(CONDITIONS);
const source = z.enum(["open-meteo", "openweathermap"]);

export const CurrentWeatherResponse = z.object({
  location: Location,
  observedAt: Timestamp,
  temperatureC: z.number(),
  feelsLikeC: z.number(),
  humidity: z.int(),
  windKph: z.number(),
  condition,
  source,
  stale: z.boolean(),
});

const Day = z.object({
  date: z.iso.date(),
  minC: z.number(),
  maxC: z.number(),
  precipitationMm: z.number(),
  condition,
});
export const ForecastResponse = z.object({
  location: Location,
  source,
  stale: z.boolean(),
  days: z.array(Day),
});

export const PlacesResponse = z.object({
  items: z.array(Location.extend({ name: z.string(), region: z.string().nullable() })),
});
