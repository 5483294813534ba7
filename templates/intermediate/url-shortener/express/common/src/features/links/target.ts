const MAX_LENGTH = 2_048;
const AUTHORITY = /^(https?:\/\/)([^/?#]+)/i;
const UNSAFE = /[\p{Cc}\p{White_Space}\\]/u;

/**
 * Why a link may not lead to `url`, or undefined when it may.
 *
 * The text is checked before it is parsed. `new URL()` repairs what it reads: it drops tabs and line breaks, and turns
 * `\` into `/`. The URL that was checked would then not be the one that is sent.
 */
export function targetError(url: string, publicUrl: string): string | undefined {
  if (UNSAFE.test(url)) return "must not hold spaces, control characters or backslashes";
  if ([...url].length > MAX_LENGTH) return `must be at most ${MAX_LENGTH} characters`;
  const authority = AUTHORITY.exec(url)?.[2];
  if (authority === undefined) return "must be an absolute http or https URL";
  // `https://bank.example@evil.example/` is a page of evil.example.
  if (authority.includes("@")) return "must not hold credentials";
  if (!URL.canParse(url)) return "must be a valid URL";
  // A link to this service could be a link to itself: a redirect without an end.
  if (hostOf(url) === hostOf(publicUrl)) return "must not lead back to this service";
  return undefined;
}

/**
 * The value of the `Location` header. Headers are ASCII, and not every client understands anything else: the host is
 * written as IDNA (`xn--…`), other characters as percent-encoded UTF-8. A URL in ASCII is sent byte for byte.
 */
export function toLocation(url: string): string {
  const host = /(?<=\/\/)[^/?#:]*[^\0-\x7f][^/?#:]*/u;
  return url
    .replace(AUTHORITY, (authority) => authority.replace(host, () => new URL(url).hostname))
    .replace(/[^\0-\x7f]+/gu, encodeURIComponent);
}

/** The host as browsers read it, so that `0x7f.1`, `LOCALHOST.` and `%6cocalhost` do not hide it. */
function hostOf(url: string): string {
  return new URL(url).hostname.replace(/\.$/, "");
}
