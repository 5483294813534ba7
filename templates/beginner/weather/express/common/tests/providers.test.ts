import assert from "node:assert/strict";
import { before, beforeEach, describe, it } from "node:test";
import { config } from "../src/config.ts";
import { openMeteo } from "../src/features/weather/providers/open-meteo.ts";
import { openWeatherMap } from "../src/features/weather/providers/openweathermap.ts";
import { UpstreamError } from "../src/upstream/http-client.ts";
import { berlin, current, daily, query, startProviders, works } from "./support/providers.ts";
import { sends, type Upstream } from "./support/upstream.ts";

let upstream: Upstream;
before(async () => {
  upstream = await startProviders();
});
beforeEach(() => void upstream.requests.splice(0));

const asked = () => query(upstream.requests[0]?.url);
const HOSTILE = "a&appid=x#?/../%2e+ü";

describe("Open-Meteo", () => {
  beforeEach(() => upstream.answer(works));

  it("tells the weather, rounded and in our words", async () => {
    assert.deepEqual(await openMeteo.current(52.52, 13.41), {
      observedAt: "2026-09-21T14:13:20.000Z",
      temperatureC: 21.4,
      feelsLikeC: 0,
      humidity: 67,
      windKph: 12.5,
      condition: "cloudy",
    });
    assert.equal(asked().get("latitude"), "52.52");
    assert.equal(asked().get("longitude"), "13.41");
  });

  it("has a word for each code, also for one that nobody knows", async () => {
    for (const [code, condition] of [
      [1, "clear"],
      [48, "fog"],
      [67, "rain"],
      [86, "snow"],
      [99, "thunderstorm"],
      [42, "unknown"],
    ]) {
      upstream.answer(sends(current({ weather_code: code })));
      assert.equal((await openMeteo.current(0, 0)).condition, condition);
    }
  });

  it("tells seven days", async () => {
    const days = await openMeteo.forecast(0, 0);
    assert.equal(days.length, 7);
    const first = { date: "2030-01-01", minC: -2.3, maxC: 5, precipitationMm: 0 };
    assert.deepEqual(days[0], { ...first, condition: "clear" });
    assert.equal(asked().get("timezone"), "auto");
  });

  it("finds places; none is no failure", async () => {
    const [place] = await openMeteo.findPlaces("Berlin");
    const expected = { name: "Berlin", region: "Land Berlin", country: "Germany" };
    assert.deepEqual(place, { ...expected, lat: 52.52, lon: 13.41 });
    assert.deepEqual(await openMeteo.findPlaces("Nowhere"), []);
  });

  it("may have a slash at the end of its address", async () => {
    const given = config.OPEN_METEO_URL;
    config.OPEN_METEO_URL = `${given}/`;
    await openMeteo.current(0, 0);
    config.OPEN_METEO_URL = given;
    assert.match(upstream.requests[0]?.url ?? "", /^\/v1\/forecast\?/);
  });

  it("gets a name as one parameter", async () => {
    await openMeteo.findPlaces(HOSTILE);
    assert.equal(asked().get("name"), HOSTILE);
  });

  const lies = [
    null,
    [],
    {},
    current({ temperature_2m: "21" }),
    current({ temperature_2m: null }),
    current({ weather_code: "rain" }),
    current({ time: 1e18 }),
    daily({ time: ["2030-01-01"] }),
    daily({ temperature_2m_max: [1, 2, 3, 4, 5, 6, null] }),
    current({ temperature_2m: 100.1 }),
    current({ apparent_temperature: -100.1 }),
    current({ relative_humidity_2m: 101 }),
    current({ wind_speed_10m: -1 }),
    daily({ temperature_2m_min: [1, 2, 3, 4, 5, 6, -101] }),
    daily({ precipitation_sum: [0, 0, 0, 0, 0, 0, -0.1] }),
    { results: [{ ...berlin, latitude: 90.1 }] },
    { results: [{ ...berlin, longitude: -180.1 }] },
    { results: "none" },
  ];
  for (const lie of lies) {
    it(`fails with ${JSON.stringify(lie).slice(0, 60)}`, async () => {
      upstream.answer(sends(lie));
      const calls = [openMeteo.current(0, 0), openMeteo.forecast(0, 0)];
      for (const call of calls) await assert.rejects(call, UpstreamError);
      if (lie && "results" in lie) {
        await assert.rejects(openMeteo.findPlaces("x"), UpstreamError);
        upstream.answer(works);
        await openMeteo.findPlaces("x"); // or five failures in a row would open the breaker
      }
      upstream.answer(works);
      await openMeteo.current(0, 0);
    });
  }
});

describe("OpenWeatherMap", () => {
  const sky = (id: number) => [{ id, main: "x" }];

  it("tells the weather, with wind in our unit, and gets the key", async () => {
    const main = { temp: 21.44, feels_like: 20, humidity: 50 };
    upstream.answer(sends({ dt: 1_790_000_000, main, wind: { speed: 10 }, weather: sky(803) }));
    const weather = await openWeatherMap.current(1, 2);
    assert.equal(weather.windKph, 36);
    assert.equal(weather.condition, "cloudy");
    assert.equal(asked().get("appid"), "the-key");
    assert.equal(asked().get("units"), "metric");
  });

  it("has the same words for its own codes", async () => {
    for (const [id, condition] of [
      [211, "thunderstorm"],
      [301, "drizzle"],
      [511, "rain"],
      [601, "snow"],
      [741, "fog"],
      [781, "unknown"],
      [800, "clear"],
      [801, "partly-cloudy"],
    ] as const) {
      const main = { temp: 1, feels_like: 1, humidity: 1 };
      upstream.answer(sends({ dt: 1, main, wind: { speed: 1 }, weather: sky(id) }));
      assert.equal((await openWeatherMap.current(0, 0)).condition, condition);
    }
  });

  it("makes days of the hours of each local date", async () => {
    const hour = (at: string, min: number, max: number, id: number, more = {}) => ({
      dt: Date.parse(at) / 1000,
      main: { temp_min: min, temp_max: max },
      weather: sky(id),
      ...more,
    });
    const list = [
      hour("2030-01-01T18:00Z", 1, 3, 800),
      hour("2030-01-01T21:00Z", -1, 2, 500, { rain: { "3h": 1.2 } }), // one hour before midnight there
      hour("2030-01-02T00:00Z", 0, 4, 601, { snow: { "3h": 0.3 }, rain: {} }),
      hour("2030-01-02T03:00Z", 2, 8.06, 801),
    ];
    upstream.answer(sends({ list, city: { timezone: 7_200 } }));
    assert.deepEqual(await openWeatherMap.forecast(0, 0), [
      { date: "2030-01-01", minC: -1, maxC: 3, precipitationMm: 1.2, condition: "rain" },
      { date: "2030-01-02", minC: 0, maxC: 8.1, precipitationMm: 0.3, condition: "snow" },
    ]);
  });

  it("finds places, each name as one parameter", async () => {
    upstream.answer(sends([{ name: "Berlin", lat: 52.52437, lon: 13.41053, country: "DE" }]));
    const [place] = await openWeatherMap.findPlaces(HOSTILE);
    assert.deepEqual(place, {
      name: "Berlin",
      region: null,
      country: "DE",
      lat: 52.52,
      lon: 13.41,
    });
    assert.equal(asked().get("q"), HOSTILE);
    assert.equal(asked().getAll("appid").join(), "the-key");
  });

  for (const [name, lie] of [
    ["temperature", { main: { temp: 101, feels_like: 1, humidity: 1 } }],
    ["humidity", { main: { temp: 1, feels_like: 1, humidity: -1 } }],
    ["wind", { wind: { speed: -1 } }],
  ] as const) {
    it(`fails with a ${name} that cannot be`, async () => {
      const main = { temp: 1, feels_like: 1, humidity: 1 };
      const truth = { dt: 1, main, wind: { speed: 1 }, weather: sky(800) };
      upstream.answer(sends({ ...truth, ...lie }));
      await assert.rejects(openWeatherMap.current(0, 0), UpstreamError);
      upstream.answer(sends(truth));
      await openWeatherMap.current(0, 0); // or five failures in a row would open the breaker
    });
  }

  it("fails with an error, and does not tell the key", async () => {
    upstream.answer(sends({ cod: 401, message: "Invalid key the-key" }, 401));
    await assert.rejects(openWeatherMap.findPlaces("x"), (error: Error) => {
      assert.doesNotMatch(`${error.message} ${error.stack}`, /the-key/);
      return error instanceof UpstreamError;
    });
  });
});
