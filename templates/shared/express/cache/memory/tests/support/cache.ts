/** The cache in memory needs no address. */
export function cacheUrl(): string {
  return "";
}
