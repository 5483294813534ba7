import { createApp } from "./app.ts";
import { config } from "./config.ts";
import { shutDown } from "./lifecycle.ts";
import { log } from "./logger.ts";

const server = createApp().listen(config.PORT, config.HOST, (error) => {
  if (error) return exitWithError(error);
  log.info({ address: server.address() }, "listening");
});
server.keepAliveTimeout = 70_000; // longer than the 60 s of a load balancer, or it may reuse a connection that we just closed
server.requestTimeout = 30_000; // for the whole request to arrive

process.on("SIGTERM", stop);
process.on("SIGINT", stop);
process.on("uncaughtException", exitWithError);

/** No new connections; requests in flight finish; then buffers are written and pools closed. */
function stop(): void {
  if (!server.listening) return;
  log.info("shutting down");
  server.close(async () => {
    await shutDown();
    log.info("stopped");
    process.exit(0);
  });
  // Connections that are kept alive become idle one by one, and each would hold `close` up for a minute.
  setInterval(() => server.closeIdleConnections(), 50).unref();
  setTimeout(() => server.closeAllConnections(), 8_000).unref();
}

function exitWithError(error: unknown): void {
  log.fatal({ err: error }, "fatal error");
  process.exit(1);
}
