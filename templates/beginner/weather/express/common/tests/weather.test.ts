import assert from "node:assert/strict";
import { before, beforeEach, describe, it } from "node:test";
import { startApp, type TestApp } from "./support/app.ts";
import { query, startProviders, works } from "./support/providers.ts";
import { sends, type Upstream } from "./support/upstream.ts";

describe("the weather", () => {
  let app: TestApp;
  let upstream: Upstream;
  let number = 0;

  before(async () => {
    upstream = await startProviders();
    app = await startApp();
  });
  beforeEach(() => {
    upstream.answer(works);
    upstream.requests.splice(0);
  });

  const get = async (path: string) => {
    const response = await app.send("GET", `/api/v1/${path}`);
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  };
  /** Coordinates that no other test has asked for. */
  const elsewhere = () => {
    number += 1;
    return `lat=${number}&lon=1`;
  };
  const searches = () =>
    upstream.requests.filter(({ url }) => url?.startsWith("/v1/search")).length;

  it("of a city now", async () => {
    const { status, headers, body } = await get("weather/current?city=Berlin");
    assert.equal(status, 200);
    assert.equal(headers.get("age"), null);
    assert.deepEqual(body, {
      location: { name: "Berlin", country: "Germany", lat: 52.52, lon: 13.41 },
      observedAt: "2026-09-21T14:13:20.000Z",
      temperatureC: 21.4,
      feelsLikeC: 0,
      humidity: 67,
      windKph: 12.5,
      condition: "cloudy",
      source: "open-meteo",
      stale: false,
    });
  });

  it("of the next days, as many as asked for, of one request", async () => {
    const place = elsewhere();
    for (const days of [3, 1, 7]) {
      const { body } = await get(`weather/forecast?${place}&days=${days}`);
      assert.equal((body["days"] as unknown[]).length, days);
    }
    assert.equal(upstream.requests.length, 1);
  });

  it("is cached by name without regard to case, and by rounded coordinates", async () => {
    for (const name of ["Rome", "ROME", "%20rome%20"]) await get(`weather/current?city=${name}`);
    assert.equal(searches(), 1);
    upstream.requests.splice(0);
    for (const lat of ["50.004", "49.996", "50"]) {
      const { body } = await get(`weather/current?lat=${lat}&lon=-0.001`);
      assert.deepEqual(body["location"], { name: null, country: null, lat: 50, lon: 0 });
    }
    assert.equal(upstream.requests.length, 1);
    assert.equal(query(upstream.requests[0]?.url).get("longitude"), "0");
  });

  it("says how old a cached response is", async () => {
    const place = elsewhere();
    await get(`weather/current?${place}`);
    assert.equal((await get(`weather/current?${place}`)).headers.get("age"), "0");
  });

  it("of an unknown city is 404, and not looked up twice", async () => {
    const name = `Nowhere ${process.pid}`; // a cache that is shared may know another one
    for (let i = 0; i < 2; i += 1) {
      assert.equal((await get(`weather/current?city=${name}`)).status, 404);
      assert.deepEqual((await get(`locations?q=${name.toUpperCase()}`)).body, { items: [] });
    }
    assert.equal(searches(), 1);
  });

  it("is 503 while the provider fails, and tells nothing of it", async () => {
    upstream.answer(sends({ message: "secret" }, 500));
    const { status, body } = await get(`weather/current?${elsewhere()}`);
    assert.equal(status, 503);
    assert.equal(body["detail"], "The weather provider does not answer.");
    assert.equal((await get("ready")).status, 404);
    assert.equal((await app.send("GET", "/ready")).status, 200);
  });

  it("is fetched once for all who ask at the same time", async () => {
    const place = elsewhere();
    const responses = await Promise.all(
      Array.from({ length: 50 }, () => get(`weather/current?${place}`)),
    );
    assert(responses.every(({ status }) => status === 200));
    assert.equal(upstream.requests.length, 1);
  });

  it("is found for places by name", async () => {
    const { body } = await get("locations?q=Hamburg");
    const berlin = { name: "Berlin", region: "Land Berlin", country: "Germany" };
    assert.deepEqual(body, { items: [{ ...berlin, lat: 52.52, lon: 13.41 }] });
  });

  const invalid: [query: string, field: string][] = [
    ["current", "city"],
    ["current?city=Berlin&lat=1&lon=2", "city"],
    ["current?city=Berlin&lat=1", "city"],
    ["current?lat=1", "city"],
    ["current?city=", "city"],
    ["current?city=%20%20", "city"],
    [`current?city=${"x".repeat(101)}`, "city"],
    ["current?city=a%00b", "city"],
    ["current?lat=90.1&lon=0", "lat"],
    ["current?lat=0&lon=-181", "lon"],
    ["current?lat=NaN&lon=0", "lat"],
    ["current?lat=1e1&lon=0", "lat"],
    ["current?lat=&lon=0", "lat"],
    ["forecast?city=Berlin&days=0", "days"],
    ["forecast?city=Berlin&days=8", "days"],
    ["forecast?city=Berlin&days=x", "days"],
    ["forecast?days=3", "city"],
  ];
  for (const [path, field] of invalid) {
    it(`is not asked for with ${path.slice(0, 40)}`, async () => {
      const { status, body } = await get(`weather/${path}`);
      assert.equal(status, 422);
      assert.equal((body["errors"] as { field: string }[])[0]?.field, field);
      assert.equal(upstream.requests.length, 0);
    });
  }

  it("counts characters of a name, not halves of an emoji", async () => {
    assert.equal((await get(`locations?q=${"%F0%9F%9A%80".repeat(100)}`)).status, 200);
    assert.equal((await get(`locations?q=${"%F0%9F%9A%80".repeat(101)}`)).status, 422);
  });
});
