import { z } from "zod";
import { config } from "../../../config.ts";
import { CircuitBreaker } from "../../../upstream/breaker.ts";
import { getJson, UpstreamError } from "../../../upstream/http-client.ts";

/** From the mildest to the most severe. */
export const CONDITIONS = [
  "unknown",
  "clear",
  "partly-cloudy",
  "cloudy",
  "fog",
  "drizzle",
  "rain",
  "snow",
  "thunderstorm",
] as const;
export type Condition = (typeof CONDITIONS)[number];

/** Coordinates with two decimals, about a kilometre: as precise as a forecast, and few enough to be cached. */
export interface Place {
  name: string;
  region: string | null;
  country: string | null;
  lat: number;
  lon: number;
}

export interface CurrentWeather {
  observedAt: string;
  temperatureC: number;
  feelsLikeC: number;
  humidity: number;
  windKph: number;
  condition: Condition;
}

export interface Day {
  date: string;
  minC: number;
  maxC: number;
  precipitationMm: number;
  condition: Condition;
}

/** A service that knows the weather. Whatever is wrong with its response is an `UpstreamError`. */
export interface WeatherProvider {
  name: string;
  /** None when nothing has that name. The likeliest comes first. */
  findPlaces(name: string): Promise<Place[]>;
  current(lat: number, lon: number): Promise<CurrentWeather>;
  /** From today, as many days as it knows, seven at most. */
  forecast(lat: number, lon: number): Promise<Day[]>;
}

export const roundTo = (decimals: number) => (value: number) =>
  Math.round(value * 10 ** decimals) / 10 ** decimals + 0; // plus 0: no -0
const inRange = (min: number, max: number, decimals: number) =>
  z.number().min(min).max(max).transform(roundTo(decimals));
export const latitude = inRange(-90, 90, 2);
export const longitude = inRange(-180, 180, 2);
export const temperature = inRange(-100, 100, 1);
export const humidity = inRange(0, 100, 0);
/** Of wind or rain. */
export const amount = z.number().min(0).transform(roundTo(1));
export const unixTime = z.int().min(0).max(253_402_300_799); // the end of the year 9999
export const text = z.string().min(1);
export const optionalText = text.nullish().transform((value) => value ?? null);

/** For one service of a provider: another may work while it fails. */
export const newBreaker = () =>
  new CircuitBreaker(config.BREAKER_FAILURES, config.BREAKER_SECONDS * 1000);

/** Fetches a document and checks every member that is used: a provider may send anything. */
export function ask<T>(
  breaker: CircuitBreaker,
  address: string,
  query: Record<string, string>,
  schema: z.ZodType<T>,
): Promise<T> {
  const url = new URL(address.replace(/(?<!:)\/{2,}/, "/")); // the setting may end with a slash
  url.search = new URLSearchParams(query).toString(); // encodes: `a&appid=b` stays one value
  const limits = {
    timeoutMs: config.WEATHER_TIMEOUT_MS,
    maxBytes: config.WEATHER_MAX_BODY_BYTES,
  };
  return breaker.run(async () => {
    const { data, success } = schema.safeParse(await getJson(url, limits));
    if (!success) throw new UpstreamError("sent a document of another shape");
    return data;
  });
}
