// needs: pino-http
// The bare handler behind what an Express service usually has: helmet, cors, express-rate-limit and pino-http.
import { DatabaseSync } from "node:sqlite";
import cors from "cors";
import express from "express";
import { rateLimit } from "express-rate-limit";
import helmet from "helmet";
import { LRUCache } from "lru-cache";
import { pinoHttp } from "pino-http";

const select = new DatabaseSync(process.env.BARE_DATABASE).prepare("SELECT url FROM links WHERE code = ?");
const cache = new LRUCache({ max: 10_000 });
const app = express();

app.use(pinoHttp());
app.use(helmet());
app.use(cors({ origin: ["https://example.com"] }));
app.use(rateLimit({ windowMs: 60_000, limit: 1_000_000_000 }));

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
