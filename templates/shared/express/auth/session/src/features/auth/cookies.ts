import { hkdfSync } from "node:crypto";
import { parseCookie } from "cookie";
import { doubleCsrf } from "csrf-csrf";
import type { CookieOptions, Request, Response } from "express";
import type { Config } from "../../config.ts";
import { Problem } from "../../errors.ts";

/**
 * The two cookies. A browser sends the session's with every request to us, also one that another site caused; that
 * site can neither read our cookies nor set our headers. So state-changing requests must repeat, in `X-CSRF-Token`,
 * the value of the second cookie, which is signed and bound to the session.
 */
export class Cookies {
  readonly sessionName: string;
  readonly #options: CookieOptions;
  readonly #csrf: ReturnType<typeof doubleCsrf>;

  constructor({ APP_ENV, SECRET_KEY }: Pick<Config, "APP_ENV" | "SECRET_KEY">) {
    const secure = APP_ENV === "production";
    // With `__Host-`, browsers refuse the cookie from a subdomain, from plain HTTP, or for a part of the site.
    this.sessionName = secure ? "__Host-session" : "session";
    this.#options = { httpOnly: true, sameSite: "lax", secure, path: "/" };
    const secret = Buffer.from(hkdfSync("sha256", SECRET_KEY, "", "csrf", 32)).toString("hex");
    this.#csrf = doubleCsrf({
      getSecret: () => secret,
      getSessionIdentifier: (req) => this.session(req),
      cookieName: "csrf_token",
      cookieOptions: { ...this.#options, httpOnly: false }, // the page's script reads it
    });
  }

  /** The session's cookie, or nothing. */
  session(req: Request): string {
    return this.#read(req)[this.sessionName] ?? "";
  }

  /** Sets (or, with an empty value, clears) the session's cookie and a CSRF token that belongs to it. */
  setSession(req: Request, res: Response, value: string, lifeMs: number): void {
    if (value === "") res.clearCookie(this.sessionName, this.#options);
    else res.cookie(this.sessionName, value, { ...this.#options, maxAge: lifeMs });
    this.#read(req)[this.sessionName] = value;
    this.#csrf.generateCsrfToken(req, res, { overwrite: true });
  }

  /** The token of this session, and the cookie with the same value. */
  csrfToken(req: Request, res: Response): string {
    this.#read(req);
    return this.#csrf.generateCsrfToken(req, res);
  }

  refuseForgery(req: Request): void {
    this.#read(req);
    if (this.#csrf.validateRequest(req)) return;
    throw new Problem("csrf", "Send the value of the cookie csrf_token as X-CSRF-Token.");
  }

  /** Parsed once, where `csrf-csrf` looks for it. */
  #read(req: Request): Record<string, string | undefined> {
    req.cookies ??= parseCookie(req.headers.cookie ?? "");
    return req.cookies as Record<string, string | undefined>;
  }
}
