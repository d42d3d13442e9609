const TOKEN = "iotmon-token";

/** The server needs a token, or another token. */
export class TokenNeeded extends Error {
  /** Whether the server rejected a token. */
  readonly rejected: boolean;

  constructor(rejected: boolean) {
    super("A token is needed");
    this.rejected = rejected;
  }
}

/** The server answered with a problem. */
export class ProblemReply extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** The token of this tab; null if there is none. */
export function token(): string | null {
  return sessionStorage.getItem(TOKEN);
}

/** Keeps a token until the tab closes; null deletes it. */
export function keepToken(text: string | null): void {
  if (text === null) sessionStorage.removeItem(TOKEN);
  else sessionStorage.setItem(TOKEN, text);
}

/**
 * Sends a GET request.
 *
 * @throws {TokenNeeded} On 401.
 * @throws {ProblemReply} On other problems; a `TypeError` if the server is unreachable.
 */
export async function ask(
  path: string,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const sent = token();
  const response = await fetch(path, {
    signal,
    cache: "no-store",
    credentials: "omit",
    headers: sent === null ? headers : { ...headers, authorization: `Bearer ${sent}` },
  });
  if (response.ok) return response;
  if (response.status === 401) throw new TokenNeeded(sent !== null);
  const { detail = "" } = (await response.json().catch(() => ({}))) as { detail?: string };
  throw new ProblemReply(response.status, detail);
}

/** Gets a reply as JSON. */
export async function askJson<Body>(path: string, signal: AbortSignal): Promise<Body> {
  const response = await ask(path, signal);
  return (await response.json()) as Body;
}

/** Path of a buffer or pipeline. */
export function bufferPath(name: string): string {
  return `v1/ml/polars/buffers/${encodeURIComponent(name)}`;
}
