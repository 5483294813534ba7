import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { environment } from "../src/config.ts";

describe("the settings of the weather", () => {
  after(() => delete process.env["WEATHER_PROVIDER"]);
  const { shape } = environment(false);

  it("have defaults", () => {
    assert.equal(shape.WEATHER_PROVIDER.parse(undefined), "open-meteo");
    assert.equal(shape.WEATHER_FRESH_SECONDS.parse(undefined), 600);
    assert.equal(shape.WEATHER_API_KEY.parse(undefined), "");
  });

  it("have no provider that is not known, and no address that is not HTTP", () => {
    assert.equal(shape.WEATHER_PROVIDER.safeParse("frogs").success, false);
    for (const url of ["nonsense", "ftp://a.test", "file:///etc/passwd", "//a.test"]) {
      assert.equal(shape.OPEN_METEO_URL.safeParse(url).success, false, url);
    }
    assert.equal(shape.OPEN_METEO_URL.safeParse("http://127.0.0.1:8000/mirror").success, true);
  });

  it("need a key for OpenWeatherMap", () => {
    process.env["WEATHER_PROVIDER"] = "openweathermap";
    const { WEATHER_API_KEY } = environment(false).shape;
    assert.equal(WEATHER_API_KEY.safeParse(undefined).success, false);
    assert.equal(WEATHER_API_KEY.safeParse("key").success, true);
  });
});
