import { integer } from "../../from-text.ts";

export const authSettings = {
  SESSION_DAYS: integer(1, 365).default(14),
};
