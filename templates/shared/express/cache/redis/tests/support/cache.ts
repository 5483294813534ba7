/** `CACHE_URL`, or the local Redis with a database number that development does not use. */
export function cacheUrl(): string {
  return process.env["CACHE_URL"] || "redis://127.0.0.1:6379/15";
}
