import { startApp } from "./app.ts";
import { csrfHeaders, PASSWORD } from "./sign-in.ts";

export type Headers = Record<string, string>;

/** The application, and short words for what the tests of accounts send to it. */
export async function startAccounts() {
  const app = await startApp();
  const anyone = await csrfHeaders(app);
  const send = (path: string, json: object, headers = anyone) =>
    app.send("POST", `/api/v1/auth/${path}`, { json, headers });
  const post = async (path: string, json: object, headers = anyone) =>
    (await send(path, json, headers)).status;
  const read = async (path: string, headers: Headers) => {
    const response = await app.send("GET", `/api/v1/auth/${path}`, { headers });
    return { status: response.status, body: await response.json() };
  };
  return {
    app,
    anyone,
    /** Sends JSON to a path below `/api/v1/auth`. */
    send,
    /** The same, where the status says enough. */
    post,
    read,
    signUp: (email: string, changes: object = {}) =>
      post("signup", { email, password: PASSWORD, name: "Somebody", ...changes }),
    logIn: (email: string, password = PASSWORD) => post("login", { email, password }),
    /** Whether these headers are those of a signed-in client. */
    isSignedIn: async (headers: Headers) => (await read("me", headers)).status === 200,
  };
}

/** Everything about a response that a client can compare, but for the time. */
export async function appearance(response: Response) {
  const names = [...response.headers.keys()].filter((name) => name !== "set-cookie");
  return { status: response.status, names, text: await response.text() };
}
