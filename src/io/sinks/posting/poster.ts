import type { LookupFunction } from "node:net";
import type { Agent, Dispatcher } from "undici";
import type { Outcome } from "../sink.ts";
import { guardedLookup, RejectedAddressError, rejectInnerHost } from "./address-guard.ts";
import { outcomeOf } from "./answer.ts";
import { failureReason } from "./failure-reason.ts";
import { type PostTarget, postTarget } from "./secret-url.ts";

const CONNECTIONS = 8;
const MAX_ANSWER_BYTES = 4096;
const ANSWER_BODY_MS = 2000;

/** Settings of all sinks that post. */
export interface PostSettings {
  readonly url: string;
  /** Sent with each message; they override the headers of the sink. */
  readonly headers: Readonly<Record<string, string>>;
  /** Certificates (PEM) to trust instead of the system's; null: those of the system. */
  readonly ca: string | null;
}

/** A message as posted. */
export interface PostRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the program provides for posting. */
export interface PostContext {
  /** Version of the program, for `User-Agent`. */
  readonly version: string;
  /** False: rejects addresses of inner networks. */
  readonly allowPrivate: boolean;
  /** Resolves names; default: the system. */
  readonly lookup?: LookupFunction | undefined;
  /** Receives messages instead of the network. */
  readonly post?: ((request: PostRequest) => Outcome) | undefined;
  /** ms since epoch. */
  now(): number;
}

/**
 * Posts JSON to one address over its own connections, so sinks never wait for each other. Follows no redirects, and
 * reads at most 4 kB of an answer.
 */
export class Poster {
  readonly #settings: PostSettings;
  readonly #context: PostContext;
  readonly #target: PostTarget;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #explain: (answer: string) => string | null;
  #agent: Promise<Agent> | null = null;

  /**
   * @param explain Extracts a reason from the body of an answer other than 2xx; null: none.
   * @throws {TypeError} If the address is not valid.
   */
  constructor(
    settings: PostSettings,
    context: PostContext,
    explain: (answer: string) => string | null = () => null,
  ) {
    this.#settings = settings;
    this.#context = context;
    this.#target = postTarget(settings.url);
    this.#explain = explain;
    const { authorization } = this.#target;
    this.#headers = {
      ...(authorization === null ? {} : { authorization }),
      ...lowerCased(settings.headers),
      "user-agent": `iotmon/${context.version}`,
    };
  }

  /** Posts once; never throws. */
  async post(
    json: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const all = { ...this.#headers, "content-type": "application/json", ...headers };
    if (this.#context.post !== undefined) {
      return this.#context.post({ url: this.#target.url, headers: all, body: json });
    }
    return this.#request("POST", all, json, signal);
  }

  /** Calls the address once, without a body; never throws. */
  get(signal: AbortSignal): Promise<Outcome> {
    return this.#request("GET", this.#headers, null, signal);
  }

  async #request(
    method: "GET" | "POST",
    headers: Readonly<Record<string, string>>,
    sent: string | null,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { url } = this.#target;
    try {
      if (!this.#context.allowPrivate) rejectInnerHost(url);
      this.#agent ??= this.#connect();
      const response = await (await this.#agent).request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        headers,
        body: sent,
        signal,
      });
      const { statusCode: status } = response;
      const body = readSome(response.body, signal);
      // a receiver that has taken the message may take its time for the rest of the answer
      const detail = status >= 200 && status < 300 ? null : this.#explain(await body);
      const header = (name: string): string | undefined => [response.headers[name]].flat()[0];
      return outcomeOf({ status, header, detail }, url, this.#context.now());
    } catch (error) {
      const isFinal = error instanceof RejectedAddressError && error.isFinal;
      return { kind: isFinal ? "rejected" : "retry", reason: failureReason(error, url.host) };
    }
  }

  async close(): Promise<void> {
    await (await this.#agent)?.destroy();
  }

  /** Loads the client with the first message: it takes a tenth of the start-up, and most runs send nothing. */
  async #connect(): Promise<Agent> {
    const { Agent } = await import("undici");
    const { allowPrivate, lookup } = this.#context;
    const resolver = allowPrivate ? lookup : guardedLookup(lookup);
    return new Agent({
      connections: CONNECTIONS,
      connect: {
        ...(resolver === undefined ? {} : { lookup: resolver }),
        ...(this.#settings.ca === null ? {} : { ca: this.#settings.ca }),
      },
    });
  }
}

/**
 * The start of the body of an answer; may be incomplete, because the status decides the outcome.
 */
async function readSome(
  body: Dispatcher.ResponseData["body"],
  signal: AbortSignal,
): Promise<string> {
  const deadline = setTimeout(() => body.destroy(), ANSWER_BODY_MS);
  const stop = (): unknown => body.destroy();
  signal.addEventListener("abort", stop);
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes >= MAX_ANSWER_BYTES) break;
    }
  } catch {
    // the received part is enough
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener("abort", stop);
    body.on("error", () => {}).destroy();
  }
  return Buffer.concat(pieces).toString("utf8", 0, MAX_ANSWER_BYTES);
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
