import { integer } from "../../config.types.ts";

export const authSettings = {
  SESSION_DAYS: integer(1, 365).default(14),
};
