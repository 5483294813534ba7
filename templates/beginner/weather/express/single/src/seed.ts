import { log } from "./logger.ts";
import { shutDown } from "./lifecycle.ts";

log.info("no example data: without accounts nothing is stored");
await shutDown();
