import type { Identity } from "./context.ts";

const LOCAL_USER = "local";

/** Single-user mode: everything belongs to one local user. Choose an auth to tell callers apart. */
export function createIdentity(_context: unknown): Identity {
  return {
    endpoints: [],
    authenticate: () => Promise.resolve({ userId: LOCAL_USER, sessionId: LOCAL_USER }),
    refuseForgery: () => undefined,
    demoUser: () => Promise.resolve(LOCAL_USER),
    usesCookies: false,
    securitySchemes: {},
  };
}
