const MAX_LENGTH = 2_048;
const SHAPE = /^https?:\/\/([^/?#]+)/i;
const UNSAFE = /[\p{Cc}\p{White_Space}\\]/u;

/**
 * Why a link may not lead to `url`, or undefined when it may.
 *
 * The text is checked before any parser sees it: `new URL()` repairs what it reads (it drops tabs and newlines, turns
 * `\` into `/` and `http:///x` into `http://x`), so the URL that was checked would not be the one that is sent.
 */
export function targetProblem(url: string, publicUrl: string): string | undefined {
  if (!url.isWellFormed() || UNSAFE.test(url)) {
    return "must not hold spaces, control characters or backslashes";
  }
  if ([...url].length > MAX_LENGTH) return `must be at most ${MAX_LENGTH} characters`;
  const authority = SHAPE.exec(url)?.[1];
  if (authority === undefined) return "must be an absolute http or https URL";
  // `https://bank.example@evil.example/` is a page of evil.example.
  if (authority.includes("@")) return "must not hold credentials";
  if (!URL.canParse(url)) return "must be a valid URL";
  // A link to ourselves could be a link to itself: a redirect that never ends.
  if (hostOf(url) === hostOf(publicUrl)) return "must not lead back to this service";
  return undefined;
}

/** The host as the URL standard normalises it, so that `0x7f.1`, `LOCALHOST.` and `%6cocalhost` hide nothing. */
function hostOf(url: string): string {
  return new URL(url).hostname.replace(/\.$/, "");
}
