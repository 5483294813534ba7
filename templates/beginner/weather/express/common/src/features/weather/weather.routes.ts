import { type Response, Router } from "express";
import { allowedMethods } from "../../http/errors.ts";
import { describeRoute } from "../../http/openapi.ts";
import { validate } from "../../http/validate.ts";
import * as schema from "./weather.schema.ts";
import * as service from "./weather.service.ts";

export const weatherRouter = Router({ caseSensitive: true });

weatherRouter
  .route("/weather/current")
  .all(allowedMethods)
  .get(validate({ query: schema.PlaceQuery }), async (req, res) => {
    const { weather, age } = await service.currentWeather(await service.locate(req.query));
    send(res, weather, age);
  });

weatherRouter
  .route("/weather/forecast")
  .all(allowedMethods)
  .get(validate({ query: schema.ForecastQuery }), async (req, res) => {
    const location = await service.locate(req.query);
    const { weather, age } = await service.forecast(location, req.query.days);
    send(res, weather, age);
  });

weatherRouter
  .route("/locations")
  .all(allowedMethods)
  .get(validate({ query: schema.LocationQuery }), async (req, res) => {
    const { data: items, age } = await service.findPlaces(req.query.q);
    send(res, { items }, age);
  });

/** `Age` (RFC 9111) says for how many seconds a stored response has been stored. */
function send(res: Response, body: object, age: number | null): void {
  if (age !== null) res.set("Age", `${age}`);
  res.json(body);
}

const { CurrentWeatherResponse, ForecastQuery, ForecastResponse } = schema;
const { LocationQuery, PlaceQuery, PlacesResponse } = schema;
const now = "The weather of a place now";
const next = "The weather of a place on the next days";
const place = { query: PlaceQuery };
const days = { query: ForecastQuery };
const name = { query: LocationQuery };
describeRoute("get /api/v1/weather/current", now, place, 200, CurrentWeatherResponse);
describeRoute("get /api/v1/weather/forecast", next, days, 200, ForecastResponse);
describeRoute("get /api/v1/locations", "Find places by name", name, 200, PlacesResponse);
