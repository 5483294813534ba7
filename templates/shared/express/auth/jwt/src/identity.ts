import type { BaseContext, Identity } from "./context.ts";
import { AccountService, unauthenticated } from "./features/accounts/accounts.service.ts";
import { authEndpoints } from "./features/auth/auth.routes.ts";
import { AuthService } from "./features/auth/auth.service.ts";
import { Tokens } from "./features/auth/tokens.ts";

/** Callers show an access token: `Authorization: Bearer …`. */
export function createIdentity({ config, db, accountHooks }: BaseContext): Identity {
  const accounts = new AccountService(db, accountHooks);
  const service = new AuthService(accounts, new Tokens(config), config);
  return {
    endpoints: authEndpoints(accounts, service),

    async authenticate(req) {
      const token = /^Bearer +([\w.-]+)$/i.exec(req.headers.authorization ?? "")?.[1];
      const caller = token === undefined ? undefined : await service.authenticate(token);
      if (!caller) throw unauthenticated("A valid access token is required.");
      return caller;
    },

    // A browser adds cookies to a request by itself, but never this header: there is nothing to forge.
    refuseForgery: () => undefined,
    demoUser: () => accounts.demoUser(),
    usesCookies: false,
    challenge: "Bearer",
    securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
  };
}
