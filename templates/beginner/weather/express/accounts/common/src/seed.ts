import { config } from "./config.ts";
import { isConflict } from "./db.ts";
import { exampleUser } from "./features/auth/example-user.ts";
import { remember } from "./features/favorites/favorites.service.ts";
import { shutDown } from "./lifecycle.ts";

const EXAMPLES = [
  { name: "Berlin", country: "Germany", lat: 52.52, lon: 13.41 },
  { name: "Nairobi", country: "Kenya", lat: -1.28, lon: 36.82 },
  { name: "Tokyo", country: "Japan", lat: 35.69, lon: 139.69 },
];

/** Some favourites to try. Places that are already favourites are skipped. */
if (config.APP_ENV === "production") throw new Error("Examples are not for production.");
const ownerId = await exampleUser();
for (const example of EXAMPLES) {
  await remember(ownerId, example).catch((error: unknown) => {
    if (!isConflict(error)) throw error;
  });
}
await shutDown();
