import { Router } from "express";
import { json } from "../../http/body.ts";
import { allowedMethods } from "../../http/errors.ts";
import { keyOf } from "../../http/etag.ts";
import { describeRoute } from "../../http/openapi.ts";
import { validate } from "../../http/validate.ts";
import { IdParams as params } from "../../schemas.ts";
import { requireUser, security } from "../auth/require-user.ts";
import * as schema from "./favorites.schema.ts";
import * as service from "./favorites.service.ts";

export const favoritesRouter = Router({ caseSensitive: true });

favoritesRouter
  .route("/")
  .all(allowedMethods, requireUser)
  .post(json, validate({ body: schema.FavoriteCreate }), async (req, res) => {
    const favorite = await service.addFavorite(req.user.id, req.body);
    res.status(201).set("Location", `/api/v1/favorites/${favorite.id}`);
    res.json(schema.toResponse(favorite));
  })
  .get(validate({ query: schema.FavoriteQuery }), async (req, res) => {
    const { items, nextCursor } = await service.listFavorites(req.user.id, req.query);
    res.json({ items: items.map(schema.toResponse), nextCursor });
  });

// Before `/:id`, which would take "weather" for an id.
favoritesRouter
  .route("/weather")
  .all(allowedMethods, requireUser)
  .get(async (req, res) => void res.json({ items: await service.favoritesWeather(req.user.id) }));

favoritesRouter
  .route("/:id")
  .all(allowedMethods, requireUser)
  .get(validate({ params }), async (req, res) => {
    res.json(schema.toResponse(await service.getFavorite(keyOf(req))));
  })
  .delete(validate({ params }), async (req, res) => {
    await service.deleteFavorite(keyOf(req));
    res.status(204).end();
  });

const favorites = "/api/v1/favorites";
const { FavoriteCreate, FavoritePage, FavoriteResponse, FavoritesWeatherResponse } = schema;
const add = { security, body: FavoriteCreate };
const list = { security, query: schema.FavoriteQuery };
const own = { security, params };
const weather = "The weather in one's favourite places";
describeRoute(`post ${favorites}`, "Add a favourite place", add, 201, FavoriteResponse);
describeRoute(`get ${favorites}`, "List own favourites", list, 200, FavoritePage);
describeRoute(`get ${favorites}/weather`, weather, { security }, 200, FavoritesWeatherResponse);
describeRoute(`get ${favorites}/{id}`, "Read a favourite", own, 200, FavoriteResponse);
describeRoute(`delete ${favorites}/{id}`, "Delete a favourite", own, 204);
