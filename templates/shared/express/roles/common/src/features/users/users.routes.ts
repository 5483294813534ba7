import { type Response, Router } from "express";
import { json } from "../../http/body.ts";
import { allowedMethods } from "../../http/errors.ts";
import { ifMatch } from "../../http/etag.ts";
import { describeRoute } from "../../http/openapi.ts";
import { validate } from "../../http/validate.ts";
import { pageOf, IdParams as params } from "../../schemas.ts";
import { requireUser, security } from "../auth/require-user.ts";
import { requireAdmin } from "./require-admin.ts";
import type { Member } from "./users.repository.ts";
import * as schema from "./users.schema.ts";
import * as service from "./users.service.ts";

/** For admins. */
export const usersRouter = Router({ caseSensitive: true });

usersRouter
  .route("/")
  .all(allowedMethods, requireUser, requireAdmin)
  .get(validate({ query: schema.MemberQuery }), async (req, res) => {
    const { items, nextCursor } = await service.listMembers(req.query);
    res.json({ items: items.map(schema.toResponse), nextCursor });
  });

usersRouter
  .route("/:id")
  .all(allowedMethods, requireUser, requireAdmin)
  .get(validate({ params }), async (req, res) => {
    send(res, await service.getMember(req.params.id));
  })
  .patch(json, validate({ params, body: schema.MemberUpdate }), async (req, res) => {
    send(res, await service.changeMember(req.params.id, req.body, ifMatch(req).version));
  });

function send(res: Response, member: Member): void {
  res.set("ETag", `"${member.version}"`).json(schema.toResponse(member));
}

const { MemberQuery, MemberResponse, MemberUpdate } = schema;
const list = { security, query: MemberQuery };
describeRoute("get /api/v1/users", "List users", list, 200, pageOf(MemberResponse));
const one = { security, params };
describeRoute("get /api/v1/users/{id}", "Read a user", one, 200, MemberResponse);
const update = { ...one, body: MemberUpdate };
describeRoute("patch /api/v1/users/{id}", "Change a user", update, 200, MemberResponse);
