import { type Config, ConfigError, loadConfig } from "./config.ts";
import { createLogger, type Logger } from "./log.ts";

/** Runs a command of the command line: exit code 0, or 1 with the reason on standard error. */
export async function command(run: (config: Config, log: Logger) => Promise<void>): Promise<void> {
  try {
    const config = loadConfig();
    await run(config, createLogger(config.LOG_LEVEL));
  } catch (error) {
    const reason = error instanceof ConfigError ? error.message : String(error);
    process.stderr.write(`${reason}\n`);
    process.exitCode = 1;
  }
}
