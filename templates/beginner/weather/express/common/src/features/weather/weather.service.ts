import { config } from "../../config.ts";
import { notFound } from "../../errors.ts";
import { openMeteo } from "./providers/open-meteo.ts";
import { openWeatherMap } from "./providers/openweathermap.ts";
import type { Location, PlaceQuery } from "./weather.schema.ts";
import { cached } from "./weather-cache.ts";

const DAY_MS = 86_400_000;

const provider = config.WEATHER_PROVIDER === "open-meteo" ? openMeteo : openWeatherMap;
const source = provider.name;
const freshMs = config.WEATHER_FRESH_SECONDS * 1000;
const lives = { freshMs, keptMs: () => config.WEATHER_STALE_SECONDS * 1000 };

/** Places do not move, so a name is asked for once a day. One that nobody has may come into use any time. */
export function findPlaces(name: string) {
  return cached(`places:${source}:${name.toLowerCase()}`, () => provider.findPlaces(name), {
    freshMs: DAY_MS,
    keptMs: (places) => (places.length > 0 ? DAY_MS : freshMs),
  });
}

/** Where a place is; what is given by its coordinates has no name. */
export async function locate({ city, lat = 0, lon = 0 }: PlaceQuery): Promise<Location> {
  if (city === undefined) return { name: null, country: null, lat, lon };
  const [place] = (await findPlaces(city)).data;
  if (!place) throw notFound();
  return { name: place.name, country: place.country, lat: place.lat, lon: place.lon };
}

export async function currentWeather(location: Location) {
  const { lat, lon } = location;
  const load = () => provider.current(lat, lon);
  const { data, age, stale } = await cached(`current:${source}:${lat}:${lon}`, load, lives);
  return { age, weather: { location, ...data, source, stale } };
}

/** Seven days are fetched, however many are asked for: then one entry of the cache serves all. */
export async function forecast(location: Location, days: number) {
  const { lat, lon } = location;
  const load = () => provider.forecast(lat, lon);
  const { data, age, stale } = await cached(`forecast:${source}:${lat}:${lon}`, load, lives);
  return { age, weather: { location, source, stale, days: data.slice(0, days) } };
}
