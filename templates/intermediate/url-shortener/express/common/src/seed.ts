import { config } from "./config.ts";
import { isConflict } from "./db.ts";
import { exampleUser } from "./features/auth/example-user.ts";
import { createLink } from "./features/links/links.service.ts";
import { shutDown } from "./lifecycle.ts";

const EXAMPLES = [
  { code: "http", url: "https://www.rfc-editor.org/rfc/rfc9110.html" },
  { code: "problems", url: "https://www.rfc-editor.org/rfc/rfc9457.html" },
  { code: "uuid-v7", url: "https://www.rfc-editor.org/rfc/rfc9562.html#name-uuid-version-7" },
];

/** Some links to try. A code that is taken stays as it is, also that of a deleted link. */
if (config.APP_ENV === "production") throw new Error("Examples are not for production.");
const ownerId = await exampleUser();
for (const example of EXAMPLES) {
  await createLink(ownerId, { ...example, expiresAt: null }).catch((error: unknown) => {
    if (!isConflict(error)) throw error;
  });
}
await shutDown();
