import type { RequestListener } from "node:http";
import { config } from "../../src/config.ts";
import { sends, startUpstream } from "./upstream.ts";

export const query = (url = "") => new URL(url, "http://test").searchParams;

/** What Open-Meteo answers, with changes. */
export const current = (changes: object = {}) => ({
  current: {
    time: 1_790_000_000,
    temperature_2m: 21.44,
    apparent_temperature: -0.04,
    relative_humidity_2m: 66.6,
    wind_speed_10m: 12.5,
    weather_code: 3,
    ...changes,
  },
});

export const daily = (changes: object = {}) => ({
  daily: {
    time: Array.from({ length: 7 }, (_, day) => `2030-01-0${day + 1}`),
    weather_code: [0, 2, 45, 53, 63, 73, 95],
    temperature_2m_min: [-2.26, 1, 2, 3, 4, 5, 6],
    temperature_2m_max: [5.04, 6, 7, 8, 9, 10, 11],
    precipitation_sum: [0, 0.26, 1, 1, 1, 1, 1],
    ...changes,
  },
});

export const berlin = {
  name: "Berlin",
  admin1: "Land Berlin",
  country: "Germany",
  latitude: 52.52437,
  longitude: 13.41053,
};

/** Open-Meteo as it works: every city is Berlin, but for Nowhere. */
export const works: RequestListener = (req, res) => {
  const parameters = query(req.url);
  if (!req.url?.startsWith("/v1/search")) {
    return sends(parameters.has("daily") ? daily() : current())(req, res);
  }
  const unknown = parameters.get("name")?.startsWith("Nowhere");
  sends(unknown ? {} : { results: [berlin] })(req, res);
};

/** Both providers in the place of the real ones, for the whole test file. */
export async function startProviders() {
  const upstream = await startUpstream();
  const url = upstream.url;
  const urls = { OPEN_METEO_URL: url, OPEN_METEO_GEOCODING_URL: url, OPENWEATHERMAP_URL: url };
  Object.assign(config, urls, { WEATHER_API_KEY: "the-key", WEATHER_TIMEOUT_MS: 500 });
  upstream.answer(works);
  return upstream;
}
