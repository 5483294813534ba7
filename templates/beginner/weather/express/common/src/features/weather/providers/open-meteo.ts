import { z } from "zod";
import { config } from "../../../config.ts";
import * as provider from "./provider.ts";

const { amount, ask, humidity, latitude, longitude, optionalText, temperature, text, unixTime } =
  provider;

// Two services, on two hosts: one may work while the other fails.
const geocoding = provider.newBreaker();
const forecasts = provider.newBreaker();

/** WMO codes (table 4677), as far as Open-Meteo uses them. */
const CODES: [condition: provider.Condition, codes: number[]][] = [
  ["clear", [0, 1]],
  ["partly-cloudy", [2]],
  ["cloudy", [3]],
  ["fog", [45, 48]],
  ["drizzle", [51, 53, 55, 56, 57]],
  ["rain", [61, 63, 65, 66, 67, 80, 81, 82]],
  ["snow", [71, 73, 75, 77, 85, 86]],
  ["thunderstorm", [95, 96, 99]],
];
const weatherCode = z
  .number()
  .transform((code) => CODES.find(([, codes]) => codes.includes(code))?.[0] ?? "unknown");

const Places = z
  .object({
    results: z
      .array(
        z.object({
          name: text,
          admin1: optionalText,
          country: optionalText,
          latitude,
          longitude,
        }),
      )
      .default([]), // it leaves `results` out when nothing is found
  })
  .transform(({ results }) =>
    results.map(({ admin1, latitude, longitude, ...place }) => ({
      ...place,
      region: admin1,
      lat: latitude,
      lon: longitude,
    })),
  );

const Current = z
  .object({
    current: z.object({
      time: unixTime,
      temperature_2m: temperature,
      apparent_temperature: temperature,
      relative_humidity_2m: humidity,
      wind_speed_10m: amount,
      weather_code: weatherCode,
    }),
  })
  .transform(({ current }) => ({
    observedAt: new Date(current.time * 1000).toISOString(),
    temperatureC: current.temperature_2m,
    feelsLikeC: current.apparent_temperature,
    humidity: current.relative_humidity_2m,
    windKph: current.wind_speed_10m,
    condition: current.weather_code,
  }));

const sevenOf = <T extends z.ZodType>(item: T) => z.array(item).length(7);
const Forecast = z
  .object({
    daily: z.object({
      time: sevenOf(z.iso.date()),
      temperature_2m_min: sevenOf(temperature),
      temperature_2m_max: sevenOf(temperature),
      precipitation_sum: sevenOf(amount),
      weather_code: sevenOf(weatherCode),
    }),
  })
  .transform(({ daily }) =>
    daily.time.map((date, i) => ({
      date,
      minC: daily.temperature_2m_min[i] ?? 0,
      maxC: daily.temperature_2m_max[i] ?? 0,
      precipitationMm: daily.precipitation_sum[i] ?? 0,
      condition: daily.weather_code[i] ?? "unknown",
    })),
  );

const weather = <T>(
  lat: number,
  lon: number,
  query: Record<string, string>,
  schema: z.ZodType<T>,
) =>
  ask(
    forecasts,
    `${config.OPEN_METEO_URL}/v1/forecast`,
    { latitude: `${lat}`, longitude: `${lon}`, ...query },
    schema,
  );

/** https://open-meteo.com: free for non-commercial use, without a key. */
export const openMeteo: provider.WeatherProvider = {
  name: "open-meteo",

  findPlaces: (name) =>
    ask(
      geocoding,
      `${config.OPEN_METEO_GEOCODING_URL}/v1/search`,
      { name, count: "10", language: "en", format: "json" },
      Places,
    ),

  current: (lat, lon) =>
    weather(
      lat,
      lon,
      {
        current:
          "temperature_2m,apparent_temperature,relative_humidity_2m,wind_speed_10m,weather_code",
        timeformat: "unixtime",
      },
      Current,
    ),

  forecast: (lat, lon) =>
    weather(
      lat,
      lon,
      {
        daily: "weather_code,temperature_2m_max,temperature_2m_min,precipitation_sum",
        timezone: "auto", // the days of the place, not of Greenwich
        forecast_days: "7",
      },
      Forecast,
    ),
};
