import { hkdfSync } from "node:crypto";
import { parseCookie } from "cookie";
import { doubleCsrf } from "csrf-csrf";
import type { CookieOptions, Request, RequestHandler, Response } from "express";
import createError from "http-errors";
import { config } from "../../config.ts";

const secure = config.APP_ENV === "production";
export const cookieOptions: CookieOptions = { httpOnly: true, sameSite: "lax", secure, path: "/" };
/** With `__Host-`, browsers refuse the cookie from a subdomain, over plain HTTP, or for a part of the site. */
export const SESSION_COOKIE = secure ? "__Host-session" : "session";

const secret = Buffer.from(hkdfSync("sha256", config.SECRET_KEY, "", "csrf", 32)).toString("hex");

const { generateCsrfToken, validateRequest } = doubleCsrf({
  getSecret: () => secret,
  getSessionIdentifier: sessionCookie,
  cookieName: "csrf_token",
  cookieOptions: { ...cookieOptions, httpOnly: false }, // the page's script reads it
});

export function sessionCookie(req: Request): string {
  return req.cookies[SESSION_COOKIE] ?? "";
}

/** Cookies as text. cookie-parser would read `j:1` as JSON, and a number is none of ours. */
export const readCookies: RequestHandler = (req, _res, next) => {
  req.cookies = parseCookie(req.headers.cookie ?? "");
  next();
};

/** The token that belongs to this session. It is also set as a cookie. */
export function csrfToken(req: Request, res: Response): string {
  return generateCsrfToken(req, res);
}

/** Sets the session's cookie, or clears it, and with it a token of its own. */
export function setSessionCookie(req: Request, res: Response, value: string, maxAge: number): void {
  if (value === "") res.clearCookie(SESSION_COOKIE, cookieOptions);
  else res.cookie(SESSION_COOKIE, value, { ...cookieOptions, maxAge });
  req.cookies[SESSION_COOKIE] = value;
  generateCsrfToken(req, res, { overwrite: true });
}

/**
 * A browser sends the session's cookie with every request to us, also with one that another site caused. That site can
 * neither read our cookies nor set our headers: so a request that changes something must repeat the token in a header.
 */
export const requireCsrfToken: RequestHandler = (req, _res, next) => {
  const safe = ["GET", "HEAD", "OPTIONS", "TRACE"].includes(req.method);
  if (safe || validateRequest(req)) return next();
  const detail = "Send the value of the cookie csrf_token as X-CSRF-Token.";
  throw createError(403, detail, { problem: "csrf" });
};
