const TOKEN = "iotmon-token";

/** The server wants another token than it got. */
export class TokenNeeded extends Error {
  /** Whether one was sent. */
  readonly refused: boolean;

  constructor(refused: boolean) {
    super("A token is needed");
    this.refused = refused;
  }
}

/** The server answered with a problem. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** The token of this tab; null: none. */
export function token(): string | null {
  return sessionStorage.getItem(TOKEN);
}

/** Keeps a token as long as the tab is open; null forgets it. */
export function keepToken(text: string | null): void {
  if (text === null) sessionStorage.removeItem(TOKEN);
  else sessionStorage.setItem(TOKEN, text);
}

/**
 * Asks the server.
 *
 * @throws {TokenNeeded} On 401.
 * @throws {Refused} On other problems; a `TypeError` when the server can't be reached.
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
  throw new Refused(response.status, detail);
}

/** What the server answers, as JSON. */
export async function askJson<Body>(path: string, signal: AbortSignal): Promise<Body> {
  const response = await ask(path, signal);
  return (await response.json()) as Body;
}

/** Path of a buffer or pipeline. */
export function bufferPath(name: string): string {
  return `/v1/ml/polars/buffers/${encodeURIComponent(name)}`;
}
