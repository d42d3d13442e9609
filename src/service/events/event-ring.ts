/** What a stream of events is about. */
export type EventType = "score" | "alert";

/** An event of a pipeline as it is sent. */
export interface StreamEvent {
  /** Grows by one with each event of the pipeline. */
  readonly number: number;
  readonly type: EventType;
  /** JSON, on one line. */
  readonly data: string;
}

/** Bytes beside its text that an event takes. */
const OVERHEAD = 64;

/** The last events of a pipeline, as many as fit. */
export class EventRing {
  readonly #mostBytes: number;
  #events: StreamEvent[] = [];
  /** Index of the oldest that is held; what is before is cut off now and then. */
  #first = 0;
  #bytes = 0;
  #lost = 0;

  /** @param mostBytes Of what is held, about. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Number of the newest event that is no longer held; 0: none. */
  get lost(): number {
    return this.#lost;
  }

  add(event: StreamEvent): void {
    this.#events.push(event);
    this.#bytes += sizeOf(event);
    while (this.#bytes > this.#mostBytes && this.#first < this.#events.length - 1) {
      const oldest = this.#events[this.#first] as StreamEvent;
      this.#bytes -= sizeOf(oldest);
      this.#lost = oldest.number;
      this.#first += 1;
    }
    if (this.#first > this.#events.length / 2) {
      this.#events = this.#events.slice(this.#first);
      this.#first = 0;
    }
  }

  /** Those held with larger numbers, in order. */
  after(number: number): readonly StreamEvent[] {
    return this.#events.slice(this.#first).filter((event) => event.number > number);
  }
}

function sizeOf({ data }: StreamEvent): number {
  return data.length + OVERHEAD;
}
