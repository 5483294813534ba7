import { z } from "zod";
import { config } from "../../../config.ts";
import * as provider from "./provider.ts";

const { amount, ask, CONDITIONS, humidity, latitude, longitude } = provider;
const { optionalText, temperature, text, unixTime } = provider;

const geocoding = provider.newBreaker();
const forecasts = provider.newBreaker();

/** Groups of ids by their first digit; clouds and what is in the air need the whole id. */
const GROUPS: Record<number, provider.Condition> = {
  2: "thunderstorm",
  3: "drizzle",
  5: "rain",
  6: "snow",
  701: "fog",
  721: "fog",
  741: "fog",
  800: "clear",
  801: "partly-cloudy",
  802: "partly-cloudy",
  803: "cloudy",
  804: "cloudy",
};
const sky = z
  .tuple([z.object({ id: z.number() })], z.unknown())
  .transform(([{ id }]) => GROUPS[id] ?? GROUPS[Math.floor(id / 100)] ?? "unknown");

const Places = z.array(
  z
    .object({
      name: text,
      state: optionalText,
      country: optionalText,
      lat: latitude,
      lon: longitude,
    })
    .transform(({ state, ...place }) => ({ ...place, region: state })),
);

const Current = z
  .object({
    dt: unixTime,
    main: z.object({ temp: temperature, feels_like: temperature, humidity }),
    wind: z.object({
      speed: z
        .number()
        .transform((perSecond) => perSecond * 3.6)
        .pipe(amount),
    }),
    weather: sky,
  })
  .transform(({ dt, main, wind, weather }) => ({
    observedAt: new Date(dt * 1000).toISOString(),
    temperatureC: main.temp,
    feelsLikeC: main.feels_like,
    humidity: main.humidity,
    windKph: wind.speed,
    condition: weather,
  }));

const fallen = z.object({ "3h": amount.default(0) }).default({ "3h": 0 });
const Forecast = z
  .object({
    city: z.object({ timezone: z.int().min(-86_400).max(86_400) }),
    list: z
      .array(
        z.object({
          dt: unixTime,
          main: z.object({ temp_min: temperature, temp_max: temperature }),
          weather: sky,
          rain: fallen,
          snow: fallen,
        }),
      )
      .min(1),
  })
  .transform(({ city, list }) => {
    // The local date is that of a clock in Greenwich that is set to the place's time.
    const dateOf = (dt: number) => new Date((dt + city.timezone) * 1000).toISOString().slice(0, 10);
    const days = Object.entries(Object.groupBy(list, ({ dt }) => dateOf(dt)));
    return days.slice(0, 7).map(([date, hours = []]) => ({
      date,
      minC: Math.min(...hours.map(({ main }) => main.temp_min)),
      maxC: Math.max(...hours.map(({ main }) => main.temp_max)),
      precipitationMm: roundTo1(hours.reduce((sum, h) => sum + h.rain["3h"] + h.snow["3h"], 0)),
      condition:
        CONDITIONS.findLast((one) => hours.some(({ weather }) => weather === one)) ?? "unknown",
    }));
  });
const roundTo1 = provider.roundTo(1);

const weather = <T>(what: string, lat: number, lon: number, schema: z.ZodType<T>) =>
  ask(
    forecasts,
    `${config.OPENWEATHERMAP_URL}/data/2.5/${what}`,
    { lat: `${lat}`, lon: `${lon}`, units: "metric", appid: config.WEATHER_API_KEY },
    schema,
  );

/** https://openweathermap.org: needs a key. Its free forecast covers five days in steps of three hours. */
export const openWeatherMap: provider.WeatherProvider = {
  name: "openweathermap",

  findPlaces: (name) =>
    ask(
      geocoding,
      `${config.OPENWEATHERMAP_URL}/geo/1.0/direct`,
      { q: name, limit: "5", appid: config.WEATHER_API_KEY },
      Places,
    ),

  current: (lat, lon) => weather("weather", lat, lon, Current),

  forecast: (lat, lon) => weather("forecast", lat, lon, Forecast),
};
