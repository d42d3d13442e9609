/** Limits for clients. Each has its own problem, and a row in docs/http-api.md. */
export const LIMITS = {
  /** Size of a body. */
  bodyBytes: 16 * 1024 * 1024,
  /** Size of a body that defines a buffer, features, a detector or a pipeline. */
  definitionBytes: 1024 * 1024,
  /** Characters of a pipeline as YAML, whose parser takes about 3 us for each. */
  yamlLength: 256 * 1024,
  /** Characters of path and query together. */
  urlLength: 4096,
  /** Size of all headers. */
  headerBytes: 16 * 1024,
  /** Time for all headers to arrive. */
  headersMs: 10_000,
  /** Time for a whole request to arrive, or for the next bytes of a stream of lines. */
  requestMs: 60_000,
  /** Time after which an idle connection is closed. */
  keepAliveMs: 72_000,
  /** Time within which a client must take a part of its answer; more than a stream of lines may pause. */
  unreadMs: 90_000,
  /** Time for a client to read why the server ends its connection. */
  graceMs: 1000,
  /** Open connections of all clients. */
  connections: 1000,
  /** Open connections of one address, or of one IPv6 network. */
  connectionsPerAddress: 500,
  /** Time for running requests when the server stops. */
  drainMs: 10_000,
} as const;
