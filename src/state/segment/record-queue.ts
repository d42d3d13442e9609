import { encodeRecord } from "./record.ts";

interface Queued {
  readonly seq: number;
  readonly bytes: Buffer;
}

/** Encoded records that are not in a file yet, in order. */
export class RecordQueue {
  #records: Queued[] = [];
  #bytes = 0;

  /** Number of records. */
  get length(): number {
    return this.#records.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The next record to write; undefined: none. */
  get first(): Queued | undefined {
    return this.#records[0];
  }

  /** Queues a record. */
  add(seq: number, payload: Uint8Array): void {
    const bytes = encodeRecord(seq, payload);
    this.#records.push({ seq, bytes });
    this.#bytes += bytes.length;
  }

  /** The first records that fit into `room` bytes, one at least. They stay queued. */
  fitting(room: number): readonly Queued[] {
    let left = room;
    const end = this.#records.findIndex(({ bytes }, i) => {
      left -= bytes.length;
      return i > 0 && left < 0;
    });
    return this.#records.slice(0, end < 0 ? undefined : end);
  }

  /** Removes the first `count` records. */
  remove(count: number): void {
    for (const { bytes } of this.#records.splice(0, count)) this.#bytes -= bytes.length;
  }

  clear(): void {
    this.#records = [];
    this.#bytes = 0;
  }
}
