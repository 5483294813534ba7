import { config } from "./config.ts";
import { exampleUser } from "./features/auth/example-user.ts";
import { createLink, listLinks } from "./features/links/links.service.ts";
import { shutDown } from "./lifecycle.ts";

const EXAMPLES = [
  { code: "http", url: "https://www.rfc-editor.org/rfc/rfc9110.html" },
  { code: "problems", url: "https://www.rfc-editor.org/rfc/rfc9457.html" },
  { code: "uuid-v7", url: "https://www.rfc-editor.org/rfc/rfc9562.html#name-uuid-version-7" },
];

/** Some links to try. Links that are there already stay as they are. */
if (config.APP_ENV === "production") throw new Error("Examples are not for production.");
const ownerId = await exampleUser();
const { items } = await listLinks(ownerId, { limit: 100 });
const present = new Set(items.map((link) => link.code));
for (const example of EXAMPLES) {
  if (!present.has(example.code)) await createLink(ownerId, { ...example, expiresAt: null });
}
await shutDown();
