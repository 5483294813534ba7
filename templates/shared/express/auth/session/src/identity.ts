import type { BaseContext, Identity } from "./context.ts";
import { AccountService, unauthenticated } from "./features/accounts/accounts.service.ts";
import { authEndpoints } from "./features/auth/auth.routes.ts";
import { AuthService } from "./features/auth/auth.service.ts";
import { Cookies } from "./features/auth/cookies.ts";

/** Callers show a session cookie. */
export function createIdentity({ config, db, accountHooks }: BaseContext): Identity {
  const accounts = new AccountService(db, accountHooks);
  const cookies = new Cookies(config);
  const service = new AuthService(accounts, config);
  return {
    endpoints: authEndpoints(accounts, service, cookies),

    async authenticate(req) {
      const caller = await service.authenticate(cookies.session(req));
      if (!caller) throw unauthenticated("Please log in.");
      return caller;
    },

    refuseForgery: (req) => cookies.refuseForgery(req),
    demoUser: () => accounts.demoUser(),
    usesCookies: true,
    securitySchemes: { session: { type: "apiKey", in: "cookie", name: cookies.sessionName } },
  };
}
