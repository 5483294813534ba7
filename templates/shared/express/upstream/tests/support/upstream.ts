import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after } from "node:test";

const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close().closeAllConnections();
});

export interface Upstream {
  url: string;
  /** All that came, in order. */
  requests: IncomingMessage[];
  /** What is answered from now on. */
  answer(listener: RequestListener): void;
}

/** A server in the place of somebody else's; it ends with the test file. */
export async function startUpstream(): Promise<Upstream> {
  let answer: RequestListener = (_req, res) => void res.end("{}");
  const requests: IncomingMessage[] = [];
  const server = createServer((req, res) => {
    requests.push(req);
    answer(req, res);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  servers.push(server);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer(listener) {
      answer = listener;
    },
  };
}

/** Answers with a JSON document. */
export const sends =
  (body: unknown, status = 200): RequestListener =>
  (_req, res) =>
    void res.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
