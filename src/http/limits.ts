/** What a client may ask for at most. Each has its own problem, and a row in docs/http-api.md. */
export const LIMITS = {
  /** Of a body. */
  bodyBytes: 16 * 1024 * 1024,
  /** Of path and query together, in characters. */
  urlLength: 4096,
  /** Of all headers. */
  headerBytes: 16 * 1024,
  /** Time for all headers to arrive. */
  headersMs: 10_000,
  /** Time for a whole request to arrive, or for some of a stream of lines. */
  requestMs: 60_000,
  /** An idle connection is closed after it. */
  keepAliveMs: 72_000,
  /** Open connections of all clients. */
  connections: 1000,
  /** Time to finish requests when the server stops. */
  drainMs: 10_000,
} as const;
