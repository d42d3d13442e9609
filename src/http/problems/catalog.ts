/** A kind of problem; `type` in a reply is `urn:iotmon:problem:` and its name. */
export interface ProblemKind {
  readonly status: number;
  /** The same for every occurrence. */
  readonly title: string;
}

/** All kinds of problems. Never rename one: clients match on the names. */
export const PROBLEMS = {
  "bad-request": { status: 400, title: "The request is not valid HTTP" },
  "bad-json": { status: 400, title: "The body is not JSON" },
  "bad-yaml": { status: 400, title: "The body is not YAML" },
  unauthorized: { status: 401, title: "A token is needed" },
  forbidden: { status: 403, title: "The token does not allow this" },
  "unknown-route": { status: 404, title: "No route has this path" },
  "not-found": { status: 404, title: "Nothing has this name" },
  "method-not-allowed": { status: 405, title: "This path does not accept this method" },
  "request-timeout": { status: 408, title: "The request took too long to arrive" },
  conflict: { status: 409, title: "The name is taken" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "url-too-long": { status: 414, title: "The URL is too long" },
  "unsupported-media-type": { status: 415, title: "The body has an unknown media type" },
  "expectation-failed": { status: 417, title: "The header expect is not supported" },
  "wrong-host": { status: 421, title: "The request is for another host" },
  invalid: { status: 422, title: "The request is not valid" },
  limit: { status: 422, title: "A limit is exceeded" },
  "headers-too-large": { status: 431, title: "The headers are too large" },
  internal: { status: 500, title: "The server failed" },
  unavailable: { status: 503, title: "Not possible now" },
  "done-not-safe": { status: 503, title: "Done, but not on disk yet" },
} as const satisfies Readonly<Record<string, ProblemKind>>;

/** Name of a kind of problem. */
export type ProblemName = keyof typeof PROBLEMS;

/** `type` of a kind of problem. */
export function problemType(name: ProblemName): string {
  return `urn:iotmon:problem:${name}`;
}
