import { config } from "./config.ts";
import { exampleUser } from "./features/auth/example-user.ts";
import { shutDown } from "./lifecycle.ts";

/** An account to try, its address proven. It is no admin: that is what the command `create-admin` is for. */
if (config.APP_ENV === "production") throw new Error("Examples are not for production.");
await exampleUser();
await shutDown();
