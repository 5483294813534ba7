import { shutDown } from "./lifecycle.ts";
import { log } from "./logger.ts";

log.info("no example data: without accounts nothing is stored");
await shutDown();
