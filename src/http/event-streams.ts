import type { ServerResponse } from "node:http";
import type { EventType, StreamEvent } from "../service/events/event-ring.ts";
import type { Feeds } from "../service/events/feeds.ts";
import { Problem } from "./problems/problem.ts";

/** Bytes that wait for a slow reader at the most. */
const MOST_WAITING = 1024 * 1024;
/** Connections that follow events at the same time. */
const MOST_STREAMS = 100;
/** Time between signs of life, ms. */
const HEARTBEAT_MS = 15_000;
/** Time after which a client comes back, ms. */
const RETRY_MS = 2000;
/** Time in which a slow reader can still read why it is dropped, ms. */
const GRACE_MS = 5000;

/** What a client wants to follow. */
export interface StreamRequest {
  readonly name: string;
  readonly types: ReadonlySet<EventType>;
  /** `Last-Event-ID`; undefined: it begins now. */
  readonly lastId: string | undefined;
}

/** Connections that follow events: server-sent events, as browsers' `EventSource` reads them. */
export class EventStreams {
  readonly #feeds: Feeds;
  /** In front of every number: after a restart numbers begin anew. */
  readonly #epoch: string;
  readonly #open = new Set<{ close(reason: string): void }>();

  /** @param startMs When this server started, ms since the epoch. */
  constructor(feeds: Feeds, startMs: number) {
    this.#feeds = feeds;
    this.#epoch = startMs.toString(36);
  }

  /** Connections that are open. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * Sends events until either side ends it.
   *
   * @param response Nothing of it is sent yet.
   * @param headers To be sent with it.
   * @throws {Refusal} `not_found`. @throws {Problem} `unavailable`: too many follow already.
   */
  open(
    { name, types, lastId }: StreamRequest,
    response: ServerResponse,
    headers: Readonly<Record<string, string>>,
  ): void {
    if (this.#open.size >= MOST_STREAMS) {
      throw new Problem("unavailable", `${MOST_STREAMS} clients follow events already.`, {
        headers: { "retry-after": "5" },
      });
    }
    let closed = false;
    const write = (text: string): void => {
      if (closed) return;
      response.write(text);
      if (response.writableLength > MOST_WAITING) close("slow");
    };
    const event = ({ number, type, data }: StreamEvent): void =>
      write(`id: ${this.#epoch}-${number}\nevent: ${type}\ndata: ${data}\n\n`);
    const after = lastId === undefined ? null : this.#numberOf(lastId);
    const gone = (): void => close("gone");
    const followed = this.#feeds.follow(name, { types, event, gone }, after);
    const heartbeat = setInterval(() => write(": alive\n\n"), HEARTBEAT_MS);
    const stream = { close: (reason: string): void => close(reason) };
    const close = (reason: string | null): void => {
      if (closed) return;
      closed = true;
      clearInterval(heartbeat);
      followed.stop();
      this.#open.delete(stream);
      if (reason === null) return;
      response.end(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`);
      setTimeout(() => response.destroy(), GRACE_MS).unref();
    };
    this.#open.add(stream);
    response.on("close", () => close(null));
    response.writeHead(200, {
      ...headers,
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    write(`retry: ${RETRY_MS}\n: following ${[...types].join(", ")}\n\n`);
    if (followed.gap) {
      write(`event: gap\ndata: ${JSON.stringify({ after: lastId ?? null })}\n\n`);
    }
    for (const missed of followed.missed) event(missed);
  }

  /** Ends all: clients are told and come back. */
  close(): void {
    for (const stream of [...this.#open]) stream.close("stopping");
  }

  /** Infinity for what this server never gave. */
  #numberOf(id: string): number {
    const [epoch, number = ""] = id.split("-");
    return epoch === this.#epoch && /^\d{1,15}$/.test(number)
      ? Number(number)
      : Number.POSITIVE_INFINITY;
  }
}
