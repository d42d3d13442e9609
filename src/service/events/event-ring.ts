/** Type of a streamed event. */
export type EventType = "score" | "alert";

/** A streamed event of a pipeline. */
export interface StreamEvent {
  /** Consecutive number within the pipeline. */
  readonly number: number;
  readonly type: EventType;
  /** JSON, on one line. */
  readonly data: string;
}

/** Bytes of an event beside its text. */
const OVERHEAD = 64;

/** The newest events of a pipeline, within a size limit. */
export class EventRing {
  readonly #mostBytes: number;
  #events: StreamEvent[] = [];
  /** Index of the oldest event; earlier entries are removed in batches. */
  #first = 0;
  #bytes = 0;
  #lost = 0;

  /** @param mostBytes Approximate size limit. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Number of the newest dropped event; 0: none. */
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

  /** Events with larger numbers, in order. */
  after(number: number): readonly StreamEvent[] {
    return this.#events.slice(this.#first).filter((event) => event.number > number);
  }
}

function sizeOf({ data }: StreamEvent): number {
  return data.length + OVERHEAD;
}
