import type { ServerResponse } from "node:http";
import type { EventType, StreamEvent } from "../service/events/event-ring.ts";
import type { Feeds } from "../service/events/feeds.ts";
import { Problem } from "./problems/problem.ts";

/** Maximum number of bytes that wait for a slow reader. */
const MAX_WAITING = 1024 * 1024;
/** Maximum number of simultaneous connections. */
const MAX_STREAMS = 100;
/** Time between keep-alive comments, ms. */
const HEARTBEAT_MS = 15_000;
/** Time after which a client reconnects, ms. */
const RETRY_MS = 2000;
/** Time in which a dropped reader can still read the reason, ms. */
const GRACE_MS = 5000;

/** A request to follow events. */
export interface StreamRequest {
  readonly name: string;
  readonly types: ReadonlySet<EventType>;
  /** `Last-Event-ID`; undefined: only new events. */
  readonly lastId: string | undefined;
}

/** The connections that follow events, as server-sent events. */
export class EventStreams {
  readonly #feeds: Feeds;
  /** Prefix of every event number, because numbers restart with the server. */
  readonly #epoch: string;
  readonly #open = new Set<{ close(reason: string): void }>();

  /** @param startMs Start time of this server, ms since the epoch. */
  constructor(feeds: Feeds, startMs: number) {
    this.#feeds = feeds;
    this.#epoch = startMs.toString(36);
  }

  /**
   * Sends events until either side ends the connection.
   *
   * @param response A response without sent headers.
   * @param headers Headers to send.
   * @throws {CommandError} `not_found`. @throws {Problem} `unavailable` if too many clients follow.
   */
  open(
    { name, types, lastId }: StreamRequest,
    response: ServerResponse,
    headers: Readonly<Record<string, string>>,
  ): void {
    if (this.#open.size >= MAX_STREAMS) {
      throw new Problem("unavailable", `${MAX_STREAMS} clients already follow events.`, {
        headers: { "retry-after": "5" },
      });
    }
    let closed = false;
    const write = (text: string): void => {
      if (closed) return;
      response.write(text);
      if (response.writableLength > MAX_WAITING) close("slow");
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

  /** Ends all connections with an `end` event; clients reconnect. */
  close(): void {
    for (const stream of [...this.#open]) stream.close("stopping");
  }

  /** Number of an event id; infinity for an id of another run. */
  #numberOf(id: string): number {
    const [epoch, number = ""] = id.split("-");
    return epoch === this.#epoch && /^\d{1,15}$/.test(number)
      ? Number(number)
      : Number.POSITIVE_INFINITY;
  }
}
