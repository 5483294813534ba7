/** Why a service's response could not be used. The text never holds the URL: its query may have a key. */
export class UpstreamError extends Error {
  override name = "UpstreamError";
}

export interface Limits {
  /** For all of it: connecting, the whole body and the second attempt. A time-out for each would add up. */
  timeoutMs: number;
  maxBytes: number;
}

/** A gateway's "not now", which is often over the next moment. */
const RETRIED = [502, 503, 504];

/**
 * Fetches JSON from a service that may hang, fail or lie. It tries a second time, once, when the connection fails or a
 * gateway has nobody behind it. Anything else would fail again, and more requests do not help a service in trouble.
 */
export async function getJson(url: URL, { timeoutMs, maxBytes }: Limits): Promise<unknown> {
  const signal = AbortSignal.timeout(timeoutMs);
  const headers = { Accept: "application/json" };
  // Redirects are not followed: they could lead to an address inside our own network, and take the key along.
  const send = () => fetch(url, { signal, headers, redirect: "manual" });
  try {
    let response = await send().catch(() => undefined);
    if (!response || RETRIED.includes(response.status)) {
      await response?.body?.cancel();
      response = await send(); // fails at once if the time is up
    }
    if (response.status === 200) return JSON.parse(await readText(response, maxBytes));
    await response.body?.cancel();
    throw new UpstreamError(`answered ${response.status}`);
  } catch (error) {
    throw error instanceof UpstreamError ? error : new UpstreamError(describe(error));
  }
}

/** Counts while it reads: the length that a response declares can be missing or wrong. */
async function readText({ body }: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw new UpstreamError(`sent more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return "failed";
  if (error.name === "TimeoutError") return "did not answer in time";
  if (error instanceof SyntaxError) return "sent something that is not JSON";
  const { code = "" } = (error.cause ?? {}) as { code?: string };
  return `could not be reached ${code}`.trim();
}
