import { type Response, Router } from "express";
import { json } from "../../http/body.ts";
import { allowedMethods } from "../../http/errors.ts";
import { ifMatch, keyOf } from "../../http/etag.ts";
import { describeRoute } from "../../http/openapi.ts";
import { validate } from "../../http/validate.ts";
import { IdParams as params } from "../../schemas.ts";
import { requireUser, security } from "../auth/require-user.ts";
import type { Todo } from "./todos.repository.ts";
import * as schema from "./todos.schema.ts";
import * as service from "./todos.service.ts";

export const todosRouter = Router({ caseSensitive: true });

todosRouter
  .route("/")
  .all(allowedMethods, requireUser)
  .post(json, validate({ body: schema.TodoCreate }), async (req, res) => {
    const todo = await service.createTodo(req.user.id, req.body);
    res.status(201).set("Location", `/api/v1/todos/${todo.id}`);
    send(res, todo);
  })
  .get(validate({ query: schema.TodoQuery }), async (req, res) => {
    const { items, nextCursor } = await service.listTodos(req.user.id, req.query);
    res.json({ items: items.map(schema.toResponse), nextCursor });
  });

// Before `/:id`, which would take "complete" for an id.
todosRouter
  .route("/complete")
  .all(allowedMethods, requireUser)
  .post(json, validate({ body: schema.TodoIds }), async (req, res) => {
    const todos = await service.completeTodos(req.user.id, req.body.ids);
    res.json({ items: todos.map(schema.toResponse) });
  });

todosRouter
  .route("/:id")
  .all(allowedMethods, requireUser)
  .get(validate({ params }), async (req, res) => {
    res.set("Cache-Control", "private, no-cache"); // may be stored, but must be asked for again each time
    send(res, await service.getTodo(keyOf(req)));
  })
  .patch(json, validate({ params, body: schema.TodoUpdate }), async (req, res) => {
    send(res, await service.updateTodo({ ...keyOf(req), ...ifMatch(req) }, req.body));
  })
  .delete(validate({ params }), async (req, res) => {
    await service.deleteTodo({ ...keyOf(req), ...ifMatch(req) });
    res.status(204).end();
  });

function send(res: Response, todo: Todo): void {
  res.set("ETag", `"${todo.version}"`).json(schema.toResponse(todo));
}

const todos = "/api/v1/todos";
const { TodoCreate, TodoIds, TodoList, TodoPage, TodoQuery, TodoResponse, TodoUpdate } = schema;
const own = { security, params };
describeRoute(`post ${todos}`, "Add a todo", { security, body: TodoCreate }, 201, TodoResponse);
describeRoute(`get ${todos}`, "List own todos", { security, query: TodoQuery }, 200, TodoPage);
describeRoute(`get ${todos}/{id}`, "Read a todo", own, 200, TodoResponse);
const update = { ...own, body: TodoUpdate };
describeRoute(`patch ${todos}/{id}`, "Change a todo", update, 200, TodoResponse);
describeRoute(`delete ${todos}/{id}`, "Delete a todo", own, 204);
const complete = { security, body: TodoIds };
describeRoute(`post ${todos}/complete`, "Complete todos, all or none", complete, 200, TodoList);
