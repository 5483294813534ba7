import { createServer } from "node:http";
import { closeContext, createApp, openContext } from "./app.ts";
import { type Config, ConfigError, loadConfig } from "./config.ts";
import { answerBrokenRequests } from "./http/errors.ts";
import { createLogger } from "./log.ts";

const DRAIN_MS = 8_000;

const config = readConfigOrExit();
const log = createLogger(config.LOG_LEVEL);
const context = openContext(config, log);
const server = createServer(createApp(context));
server.keepAliveTimeout = 65_000; // longer than a load balancer's usual 60 s, or it meets connections just closed
server.requestTimeout = 30_000; // for a whole request to come in, however slowly a client sends it
server.on("clientError", answerBrokenRequests(config));
server.on("error", (error) => die(error, "nothing can listen on HOST and PORT"));
server.listen(config.PORT, config.HOST, () => {
  log.info({ address: server.address() }, "listening");
});

process.on("SIGTERM", shutDown);
process.on("SIGINT", shutDown);
process.on("uncaughtException", (error) => die(error));
process.on("unhandledRejection", (error) => die(error));

let stopping = false;

/** No new connections, requests in flight finish, what is buffered is written, pools close. */
function shutDown(): void {
  if (stopping) return;
  stopping = true;
  log.info("shutting down");
  // A client that keeps its connection open would hold `close` up for ever: idle ones are cut as they become so.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const deadline = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  server.close(async () => {
    clearInterval(sweep);
    clearTimeout(deadline);
    try {
      await closeContext(context);
      log.info("stopped");
      process.exit(0);
    } catch (error) {
      die(error);
    }
  });
}

function die(error: unknown, what = "fatal error"): void {
  log.fatal({ err: error }, what);
  process.exit(1);
}

function readConfigOrExit(): Config {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
