import { config } from "./config.ts";
import { exampleUser } from "./features/auth/example-user.ts";
import { TodoCreate, TodoQuery } from "./features/todos/todos.schema.ts";
import { createTodo, listTodos } from "./features/todos/todos.service.ts";
import { shutDown } from "./lifecycle.ts";

const EXAMPLES = [
  { title: "Read the README", priority: "high", tags: ["start"] },
  { title: "Try the API on /docs", tags: ["start"] },
  { title: "Write a test", notes: "One that fails, to begin with.", dueDate: "2030-01-31" },
];

/** Some todos to try, for a list that is empty: a second run adds nothing. */
if (config.APP_ENV === "production") throw new Error("Examples are not for production.");
const ownerId = await exampleUser();
const { items } = await listTodos(ownerId, TodoQuery.parse({ limit: "1" }));
if (items.length === 0) {
  for (const example of EXAMPLES) await createTodo(ownerId, TodoCreate.parse(example));
}
await shutDown();
