import { integer } from "../../from-text.ts";

export const authSettings = {
  ACCESS_TOKEN_MINUTES: integer(1, 1_440).default(15),
  REFRESH_TOKEN_DAYS: integer(1, 365).default(30),
};
