import type { StateReader, StateWriter } from "../../core/state-codec.ts";

/** Readings of the first sensor, without a contradiction by others, after which its time is believed. */
const ENOUGH = 3;

/**
 * What a reading at the start of a stream says: nothing yet; move the watermark; the first reading was right;
 * or it was wrong, and the watermark falls to `watermark`, at `clock` of the stream clock.
 */
type Verdict = "wait" | "move" | "begin" | { readonly watermark: number; readonly clock: number };

/**
 * The start of a stream, while its watermark is the time of one sensor that no other has confirmed. Two readings
 * that agree with each other and are far behind it show that the first one was wrong.
 */
export class StreamStart {
  /** Key of the first reading. */
  readonly key: number;
  #readings = 1;
  /** Time of a reading far behind, and the stream clock then, ms; NaN: none. */
  #rival = Number.NaN;
  #rivalClock = Number.NaN;

  constructor(key: number) {
    this.key = key;
  }

  /** Restores what {@link save} wrote. */
  static load(reader: StateReader): StreamStart {
    const start = new StreamStart(reader.u32());
    start.#readings = reader.u32();
    start.#rival = reader.f64();
    start.#rivalClock = reader.f64();
    return start;
  }

  /**
   * Takes a believed reading.
   *
   * @param isNear Whether it is near the watermark.
   * @param limit Limit of its key, ms.
   * @param clock The stream clock, ms.
   */
  take(key: number, time: number, isNear: boolean, limit: number, clock: number): Verdict {
    if (isNear) {
      if (key !== this.key) return "begin";
      this.#readings += 1;
      return this.#readings >= ENOUGH ? "begin" : "move";
    }
    if (Math.abs(time - this.#rival) <= limit) {
      const watermark = Math.max(time, this.#rival);
      return { watermark, clock: this.#rivalClock + watermark - this.#rival };
    }
    this.#rival = time;
    this.#rivalClock = clock;
    return "wait";
  }

  save(writer: StateWriter): void {
    writer.u32(this.key);
    writer.u32(this.#readings);
    writer.f64(this.#rival);
    writer.f64(this.#rivalClock);
  }
}
