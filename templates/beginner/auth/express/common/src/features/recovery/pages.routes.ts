import { Router } from "express";
import { allowedMethods } from "../../http/errors.ts";

const root = `${import.meta.dirname}/../../../public`;

/**
 * Where the links of mails lead: a page with a form, whose script sends the token to the API. To open the page changes
 * nothing, since programs that look for viruses open every link of a mail.
 */
export const pagesRouter = Router({ caseSensitive: true });

pagesRouter
  .route(["/verify-email", "/reset-password", "/confirm-email"])
  .all(allowedMethods)
  .get((_req, res) => res.sendFile("mailed-link.html", { root }));
pagesRouter.get("/mailed-link.js", (_req, res) => res.sendFile("mailed-link.js", { root }));
