import createError, { type HttpError } from "http-errors";

export const notFound = () => createError(404, "There is nothing here.");

export function tooManyRequests(waitMs: number): HttpError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  const headers = { "Retry-After": String(seconds) };
  return createError(429, `Too many requests. Try again in ${seconds} s.`, { headers });
}
