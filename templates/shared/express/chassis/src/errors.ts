/** Everything a client can be refused for: the stable name of the problem, its status, its title (RFC 9457). */
export const PROBLEMS = {
  "malformed-body": { status: 400, title: "Bad Request" },
  unauthenticated: { status: 401, title: "Unauthorized" },
  forbidden: { status: 403, title: "Forbidden" },
  csrf: { status: 403, title: "CSRF Token Missing or Wrong" },
  "wrong-password": { status: 403, title: "Wrong Password" },
  "not-found": { status: 404, title: "Not Found" },
  "method-not-allowed": { status: 405, title: "Method Not Allowed" },
  conflict: { status: 409, title: "Conflict" },
  gone: { status: 410, title: "Gone" },
  "precondition-failed": { status: 412, title: "Precondition Failed" },
  "payload-too-large": { status: 413, title: "Payload Too Large" },
  "unsupported-media-type": { status: 415, title: "Unsupported Media Type" },
  validation: { status: 422, title: "Validation Failed" },
  "rate-limited": { status: 429, title: "Too Many Requests" },
  internal: { status: 500, title: "Internal Server Error" },
  unavailable: { status: 503, title: "Service Unavailable" },
} as const;

export type ProblemName = keyof typeof PROBLEMS;

export interface FieldError {
  field: string;
  message: string;
}

interface Extras {
  errors?: FieldError[];
  dependencies?: Record<string, "up" | "down">;
  headers?: Record<string, string>;
}

/** An answer that is not a success. Throw it anywhere below a route; `detail` is shown to the client. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly problem: ProblemName;
  readonly extras: Extras;

  constructor(problem: ProblemName, detail: string, extras: Extras = {}) {
    super(detail);
    this.problem = problem;
    this.extras = extras;
  }

  get status(): number {
    return PROBLEMS[this.problem].status;
  }

  /** The `application/problem+json` body. */
  body(): Record<string, unknown> {
    const { errors, dependencies } = this.extras;
    return {
      type: `/problems/${this.problem}`,
      title: PROBLEMS[this.problem].title,
      status: this.status,
      detail: this.message,
      ...(errors && { errors }),
      ...(dependencies && { dependencies }),
    };
  }
}

export function invalid(errors: FieldError[]): Problem {
  return new Problem("validation", "The request is well-formed but not valid.", { errors });
}

export function notFound(): Problem {
  return new Problem("not-found", "There is nothing here.");
}
