import assert from "node:assert/strict";
import { before, beforeEach, describe, it } from "node:test";
import { startApp, type TestApp } from "./support/app.ts";
import { query, startProviders, works } from "./support/providers.ts";
import { deleteAccount, signIn } from "./support/sign-in.ts";
import { sends, type Upstream } from "./support/upstream.ts";

interface Favorite {
  id: string;
  location: { name: string | null; country: string | null; lat: number; lon: number };
  createdAt: string;
}

interface Item {
  favorite: Favorite;
  weather: { temperatureC: number; location: object } | null;
  error: { status: number; detail: string } | null;
}

const FAVORITES = "/api/v1/favorites";
const path = ({ id }: { id: string }) => `${FAVORITES}/${id}`;

describe("favourites", () => {
  let app: TestApp;
  let upstream: Upstream;
  let ann: Record<string, string>;
  let number = 0;

  before(async () => {
    upstream = await startProviders();
    app = await startApp();
  });
  beforeEach(async () => {
    upstream.answer(works);
    upstream.requests.splice(0);
    number += 1;
    ann = await signIn(app, `ann${number}`);
  });

  const post = (json: unknown, headers = ann) => app.send("POST", FAVORITES, { json, headers });
  const add = async (json: object, headers = ann) =>
    (await (await post(json, headers)).json()) as Favorite;
  const get = (where: string, headers = ann) => app.send("GET", where, { headers });
  const items = async <T = Favorite>(where = FAVORITES, headers = ann) =>
    ((await (await get(where, headers)).json()) as { items: T[] }).items;
  const statuses = (responses: Response[]) => responses.map(({ status }) => status).sort();

  it("are added by city, which is looked up, or by coordinates, which need not be", async () => {
    const response = await post({ city: " Berlin " });
    assert.equal(response.status, 201);
    const berlin = (await response.json()) as Favorite;
    assert.equal(response.headers.get("location"), path(berlin));
    const expected = { name: "Berlin", country: "Germany", lat: 52.52, lon: 13.41 };
    assert.deepEqual(berlin.location, expected);
    assert.match(berlin.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual(await (await get(path(berlin))).json(), berlin);

    upstream.requests.splice(0);
    const other = await add({ lat: 1.004, lon: -0.001 });
    assert.deepEqual(other.location, { name: null, country: null, lat: 1, lon: 0 });
    assert.equal(upstream.requests.length, 0);
    assert.deepEqual(await items(), [other, berlin]);
  });

  it("are there once, by whatever name, and once for each user", async () => {
    await add({ city: "Berlin" });
    for (const same of [{ city: "BERLIN" }, { lat: 52.52, lon: 13.41 }]) {
      assert.equal((await post(same)).status, 409);
    }
    assert.equal((await post({ city: "Berlin" }, await signIn(app, `bob${number}`))).status, 201);
  });

  it("of many who add one at the same moment, one is made", async () => {
    const responses = await Promise.all(
      Array.from({ length: 10 }, () => post({ lat: 10, lon: 10 })),
    );
    assert.deepEqual(statuses(responses), [201, ...Array<number>(9).fill(409)]);
  });

  const invalid: [json: object, field: string][] = [
    [{}, "city"],
    [{ city: "Berlin", lat: 1, lon: 2 }, "city"],
    [{ lat: 1 }, "city"],
    [{ city: " " }, "city"],
    [{ city: 5 }, "city"],
    [{ lat: "1", lon: 2 }, "lat"],
    [{ lat: 1, lon: 181 }, "lon"],
    [{ city: "Berlin", ownerId: "x" }, "ownerId"],
  ];
  for (const [json, field] of invalid) {
    it(`are refused with ${JSON.stringify(json)}`, async () => {
      const response = await post(json);
      assert.equal(response.status, 422);
      const { errors } = (await response.json()) as { errors: { field: string }[] };
      assert.equal(errors[0]?.field, field);
    });
  }

  it("need a place that is found", async () => {
    assert.equal((await post({ city: "Nowhere" })).status, 404);
    upstream.answer(sends({}, 500));
    assert.equal((await post({ city: `Town ${number}` })).status, 503);
    assert.deepEqual(await items(), []);
  });

  it("are listed in pages, the newest first", async () => {
    const made: Favorite[] = [];
    for (let lat = 0; lat < 5; lat += 1) made.unshift(await add({ lat, lon: 5 }));
    const first = (await (await get(`${FAVORITES}?limit=3`)).json()) as { nextCursor: string };
    const rest = await items(`${FAVORITES}?limit=3&cursor=${first.nextCursor}`);
    assert.deepEqual(rest, made.slice(3));
    assert.equal((await get(`${FAVORITES}?cursor=x`)).status, 422);
  });

  it("that are deleted are gone, and can be added again", async () => {
    const favorite = await add({ lat: 2, lon: 2 });
    const remove = () => app.send("DELETE", path(favorite), { headers: ann });
    assert.equal((await remove()).status, 204);
    assert.equal((await remove()).status, 404);
    assert.equal((await get(path(favorite))).status, 404);
    assert.equal((await post({ lat: 2, lon: 2 })).status, 201);
  });

  it("of others are not there, and strangers have none", async () => {
    const favorite = await add({ lat: 3, lon: 3 });
    const bob = await signIn(app, `bob${number}`);
    for (const method of ["GET", "DELETE"]) {
      assert.equal((await app.send(method, path(favorite), { headers: bob })).status, 404);
    }
    assert.deepEqual(await items(FAVORITES, bob), []);
    assert.deepEqual(await items(`${FAVORITES}/weather`, bob), []);
    for (const where of [FAVORITES, `${FAVORITES}/weather`, path(favorite)]) {
      assert.equal((await get(where, {})).status, 401);
    }
  });

  it("go with their account", async () => {
    const { list } = await import("../src/features/favorites/favorites.repository.ts");
    await add({ lat: 4, lon: 4 });
    const { id } = (await (await get("/api/v1/auth/me")).json()) as { id: string };
    assert.equal((await list(id, 10)).length, 1);
    await deleteAccount(app, ann);
    assert.equal((await list(id, 10)).length, 0);
  });

  describe("and their weather", () => {
    it("are fetched at the same time", async () => {
      for (let lat = 20; lat < 25; lat += 1) await add({ lat, lon: number });
      let together = 0;
      upstream.answer((req, res) => {
        together += 1;
        setTimeout(() => works(req, res), 200);
        assert(together > 1 || upstream.requests.length === 1);
      });
      const found = await items<Item>(`${FAVORITES}/weather`);
      assert.deepEqual(
        found.map(({ favorite }) => favorite),
        await items(),
      );
      for (const { favorite, weather, error } of found) {
        assert.deepEqual(weather?.location, favorite.location);
        assert.equal(error, null);
      }
      assert.equal(together, 5);
    });

    it("are whole when one fails", async () => {
      for (const lat of [30, 31, 32]) await add({ lat, lon: number });
      upstream.answer((req, res) => {
        const fails = query(req.url).get("latitude") === "31";
        (fails ? sends({}, 500) : works)(req, res);
      });
      const found = await items<Item>(`${FAVORITES}/weather`);
      const states = found.map(({ weather, error }) => [weather !== null, error?.status]);
      assert.deepEqual(states, [
        [true, undefined],
        [false, 503],
        [true, undefined],
      ]);
    });
  });
});
