import type { StateReader, StateWriter } from "../../core/state-codec.ts";
import { LAGS, LEADS, type SensorTimes } from "./sensor-times.ts";
import { StreamStart } from "./stream-start.ts";

/** A key that runs ahead of the watermark: its time, the stream clock and the watermark when it began to, ms. */
interface Lead {
  readonly time: number;
  readonly clock: number;
  readonly watermark: number;
  /** Whether it is certain: the others have gone on. */
  isReported: boolean;
}

/**
 * The watermark, the largest believed time over all keys, and the stream clock, which fires deadlines.
 *
 * A key ahead of the watermark by more than its limit does not move it, unless more keys are ahead than near the
 * watermark: then all were off, and it leaps to them. It falls when the first reading of the stream was wrong, or
 * the clock of the last key near it is set back.
 *
 * The stream clock never goes back and never leaps: it advances at the pace of the watermark, and at a fall or leap
 * the offset between the two changes.
 */
export class CommonTime {
  readonly #times: SensorTimes;
  readonly #leading = new Map<number, Lead>();
  #watermark = Number.NEGATIVE_INFINITY;
  #lastTick = Number.NEGATIVE_INFINITY;
  #now = Number.NEGATIVE_INFINITY;
  #offset = 0.5; // a fraction: otherwise V8 recompiles its users at the first one
  #start: StreamStart | null = null;
  #isStarted = false;
  /** The watermark at which near keys were counted, and how many are near at least; for {@link #leap}. */
  #countedAt = Number.NaN;
  #nearAtLeast = 0;

  constructor(times: SensorTimes) {
    this.#times = times;
    this.#offset = 0;
  }

  /** Ms; -Infinity before the first reading. */
  get watermark(): number {
    return this.#watermark;
  }

  /** The larger of the watermark and the last tick, ms. */
  get now(): number {
    return this.#now;
  }

  /** Stream clock minus watermark, ms. */
  get offset(): number {
    return this.#offset;
  }

  /** Stream clock, ms. */
  get clock(): number {
    return this.#watermark + this.#offset;
  }

  /** Whether it is certain that the first reading of the stream was right. */
  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** Event time is known to be `now`, ms, without a reading. */
  tick(now: number): void {
    if (now > this.#lastTick) this.#lastTick = now;
    if (now > this.#now) this.#now = now;
  }

  /** Moves the watermark to a believed time of a key that does not lead. Only after the start. */
  advance(time: number): void {
    if (time > this.#watermark) this.#move(time);
  }

  /** Takes a believed time of a key, its newest. O(1), O(keys) for a fall or leap. */
  believe(key: number, time: number): void {
    if (this.#watermark === Number.NEGATIVE_INFINITY) {
      this.#move(time);
      this.#start = new StreamStart(key);
    } else if (this.#times.has(key, LEADS)) this.#catchUp(key, time);
    else if (time - this.#now > this.#times.limit(key)) {
      this.#lead(key, time);
      this.#leap();
    } else if (this.#start !== null) this.#begin(this.#start, key, time);
    else this.advance(time);
  }

  /**
   * The clock of a key was set back to `time`.
   *
   * @param last Its last believed time before, ms.
   */
  setBack(key: number, time: number, last: number): void {
    this.#nearAtLeast -= 1; // it may have been near
    if (this.#times.has(key, LEADS)) this.#catchUp(key, time);
    if (this.#start !== null) this.#begin(this.#start, key, time);
    else if (last >= this.#watermark - this.#times.limit(key)) this.#fall();
  }

  /** Two sensors agree that the first reading of the stream was far behind: moves the watermark to `time`, ms. */
  outvoteStart(time: number): void {
    this.#leaveStart();
    this.#fallTo(time, this.clock);
  }

  /**
   * A reading agrees with a key that leads, before it is certain that the first reading of the stream was right: two
   * outvote one. The watermark leaps to that key. The stream clock stays: deadlines of that key count from the clock
   * at its last reading.
   *
   * @param limit Limit of the key of the reading, ms.
   * @returns Whether there is such a key.
   */
  leapToward(time: number, limit: number): boolean {
    if (this.#isStarted) return false;
    for (const key of this.#leading.keys()) {
      if (Math.abs((this.#times.last[key] as number) - time) > limit) continue;
      const { clock } = this;
      this.#leapOnce();
      this.#offset = clock - this.#watermark;
      return true;
    }
    return false;
  }

  /** Whether others have gone on since the key began to lead; true once. */
  reportLead(key: number): boolean {
    const lead = this.#leading.get(key);
    if (lead === undefined || lead.isReported || this.#watermark <= lead.watermark) return false;
    lead.isReported = true;
    return true;
  }

  /** Whether {@link reportLead} was true for a key that leads. */
  isReported(key: number): boolean {
    return this.#leading.get(key)?.isReported ?? false;
  }

  save(writer: StateWriter): void {
    writer.f64(this.#lastTick);
    writer.f64(this.#offset);
    writer.bool(this.#isStarted);
    writer.f64(this.#countedAt);
    writer.f64(this.#nearAtLeast);
    writer.u32(this.#leading.size);
    for (const [key, { time, clock, watermark, isReported }] of this.#leading) {
      writer.u32(key);
      for (const number of [time, clock, watermark]) writer.f64(number);
      writer.bool(isReported);
    }
    writer.bool(this.#start !== null);
    this.#start?.save(writer);
  }

  /** Restores what {@link save} wrote, after {@link place}. */
  load(reader: StateReader): void {
    this.tick(reader.f64());
    this.#offset = reader.f64();
    this.#isStarted = reader.bool();
    this.#countedAt = reader.f64();
    this.#nearAtLeast = reader.f64();
    for (let left = reader.u32(); left > 0; left--) {
      const key = reader.u32();
      const [time, clock, watermark] = [reader.f64(), reader.f64(), reader.f64()];
      this.#leading.set(key, { time, clock, watermark, isReported: reader.bool() });
    }
    this.#start = reader.bool() ? StreamStart.load(reader) : null;
  }

  /** Takes the watermark as given. For a new object. */
  place(watermark: number): void {
    this.#watermark = watermark;
    this.#now = watermark;
    this.#isStarted = watermark > Number.NEGATIVE_INFINITY;
  }

  #move(watermark: number): void {
    this.#watermark = watermark;
    if (watermark > this.#now) this.#now = watermark;
  }

  #lead(key: number, time: number): void {
    this.#times.set(key, LEADS);
    const watermark = this.#watermark;
    this.#leading.set(key, { time, clock: this.clock, watermark, isReported: false });
  }

  #follow(key: number): void {
    this.#times.clear(key, LEADS);
    this.#leading.delete(key);
  }

  /** A key that leads no longer does, once the others are near. */
  #catchUp(key: number, time: number): void {
    if (time - this.#now > this.#times.limit(key)) return;
    this.#follow(key);
    this.advance(time);
  }

  /** A reading before it is certain that the first one was right. */
  #begin(start: StreamStart, key: number, time: number): void {
    const limit = this.#times.limit(key);
    const isNear = Math.abs(time - this.#watermark) <= limit;
    const verdict = start.take(key, time, isNear, limit, this.clock);
    if (verdict === "wait") return;
    if (verdict !== "move") this.#endStart();
    if (typeof verdict === "string") {
      this.advance(time);
      return;
    }
    this.#fallTo(verdict.watermark, Math.max(this.clock, verdict.clock));
    this.#leadAll();
  }

  #endStart(): void {
    this.#start = null;
    this.#isStarted = true;
  }

  /** The first reading of the stream was far behind. */
  #leaveStart(): void {
    if (this.#start !== null) this.#times.set(this.#start.key, LAGS);
    this.#endStart();
  }

  /** After the clock of a key near the watermark was set back: is any other there? */
  #fall(): void {
    const { size, last, leastLimit } = this.#times;
    let newest = Number.NEGATIVE_INFINITY;
    for (let key = 0; key < size; key++) {
      if (!this.#times.has(key, LEADS)) newest = Math.max(newest, last[key] as number);
    }
    if (newest === Number.NEGATIVE_INFINITY || this.#watermark - newest <= leastLimit) return;
    this.#fallTo(newest, this.clock);
  }

  /** Sets the watermark, and continues the stream clock at `clock`. */
  #fallTo(watermark: number, clock: number): void {
    this.#offset = clock - watermark;
    this.#watermark = watermark;
    this.#lastTick = Number.NEGATIVE_INFINITY; // it followed the wrong watermark
    this.#now = watermark;
  }

  /** After a fall, keys may be ahead. */
  #leadAll(): void {
    for (let key = 0; key < this.#times.size; key++) {
      const time = this.#times.last[key] as number;
      if (this.#times.has(key, LEADS) || time - this.#watermark <= this.#times.limit(key)) continue;
      this.#lead(key, time);
    }
  }

  /** If more keys are ahead than near the watermark, it leaps to the ones ahead, the lowest first. */
  #leap(): void {
    if (this.#countedAt === this.#watermark) {
      this.#nearAtLeast -= 1; // the key that leads now may have been near
      if (this.#leading.size <= this.#nearAtLeast) return;
    }
    while (this.#leading.size > 0 && this.#leading.size > this.#countNear()) this.#leapOnce();
  }

  #leapOnce(): void {
    const { last } = this.#times;
    let target = Number.POSITIVE_INFINITY;
    for (const key of this.#leading.keys()) target = Math.min(target, last[key] as number);
    let newest = target;
    let first: Lead | null = null;
    for (const [key, lead] of this.#leading) {
      const time = last[key] as number;
      if (time - target > this.#times.limit(key)) continue;
      newest = Math.max(newest, time);
      first ??= lead; // keys are in the order in which they began to lead
      this.#follow(key);
    }
    // the stream clock goes on as if the first of these keys had moved it since it leads
    const since = first === null ? 0 : first.clock + newest - first.time;
    const clock = Math.max(this.clock, since);
    this.#watermark = newest;
    this.#now = Math.max(newest, this.#lastTick);
    this.#offset = clock - newest;
    this.#leaveStart();
  }

  #countNear(): number {
    let near = 0;
    for (let key = 0; key < this.#times.size; key++) {
      const time = this.#times.last[key] as number;
      const isNear = time >= this.#watermark - this.#times.limit(key);
      if (isNear && !this.#times.has(key, LEADS)) near += 1;
    }
    this.#countedAt = this.#watermark;
    this.#nearAtLeast = near;
    return near;
  }
}
