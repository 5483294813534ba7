// The least that redirects in Express: the same look-up (an in-process cache before SQLite), and nothing else.
import { DatabaseSync } from "node:sqlite";
import express from "express";
import { LRUCache } from "lru-cache";

const select = new DatabaseSync(process.env.BARE_DATABASE).prepare("SELECT url FROM links WHERE code = ?");
const cache = new LRUCache({ max: 10_000 });
const app = express();

app.get("/:code", (request, response) => {
  const { code } = request.params;
  let url = cache.get(code);
  if (url === undefined) {
    url = select.get(code)?.url;
    if (url === undefined) return response.sendStatus(404);
    cache.set(code, url);
  }
  response.redirect(302, url);
});
app.listen(Number(process.env.PORT), "127.0.0.1");
