const MS_PER_MINUTE = 60_000;
const MS_PER_DAY = 86_400_000;

/** No zone changes its offset twice within this time. */
const SPAN_MS = 7 * MS_PER_DAY;
/** Largest offset from UTC. */
const MARGIN_MS = MS_PER_DAY;

const OFFSET = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

/** A span of time with at most one change of the offset. */
interface Span {
  readonly before: number;
  readonly after: number;
  /** Time of the change, ms since the epoch; Infinity: none. */
  readonly change: number;
}

/**
 * The offsets of an IANA zone from UTC.
 *
 * They come from the platform (`Intl`). The answers are kept for spans of a week, so most calls are a comparison.
 */
export class ZoneRules {
  readonly #format: Intl.DateTimeFormat;
  readonly #spans = new Map<number, Span>();
  /** Bounds, ms since the epoch, between which the offset is known and the same. */
  #from = 0.5;
  #to = 0.5;
  #offset = 0.5;
  /** The two times of a local time that occurs twice, after {@link toUtc}; equal for other times. */
  earlier = 0.5;
  later = 0.5;

  /** @throws {RangeError} If there is no such zone. */
  constructor(zone: string) {
    this.#format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      timeZoneName: "longOffset",
      year: "numeric",
    });
  }

  /** Offset from UTC at a time, ms. @param time Ms since the epoch. */
  offsetAt(time: number): number {
    if (time >= this.#from && time < this.#to) return this.#offset;
    const index = Math.floor(time / SPAN_MS);
    const { before, after, change } = this.#span(index);
    if (change === Number.POSITIVE_INFINITY) this.#remember(index, before);
    return time < change ? before : after;
  }

  /**
   * Finds the times of a local time: {@link earlier} and {@link later}. A local time that a change of the clock skips
   * counts with the offset before the change.
   *
   * @param local Local time as if it were UTC, ms since the epoch.
   */
  toUtc(local: number): void {
    const time = local - this.#offset;
    if (time - MARGIN_MS >= this.#from && time + MARGIN_MS < this.#to) {
      this.earlier = time;
      this.later = time;
      return;
    }
    const before = this.offsetAt(local - MARGIN_MS);
    const after = this.offsetAt(local + MARGIN_MS);
    const first = local - before;
    const second = local - after;
    const isFirst = this.offsetAt(first) === before;
    const isSecond = this.offsetAt(second) === after;
    this.earlier = isFirst || !isSecond ? first : second;
    this.later = isSecond ? second : first;
  }

  /** Whether a change of the clock skips a local time. */
  skips(local: number): boolean {
    this.toUtc(local);
    return this.earlier + this.offsetAt(this.earlier) !== local;
  }

  #remember(index: number, offset: number): void {
    const from = index * SPAN_MS;
    if (offset === this.#offset && from === this.#to) this.#to = from + SPAN_MS;
    else {
      this.#from = from;
      this.#to = from + SPAN_MS;
      this.#offset = offset;
    }
  }

  #span(index: number): Span {
    const known = this.#spans.get(index);
    if (known !== undefined) return known;
    let low = index * SPAN_MS;
    let high = low + SPAN_MS;
    const before = this.#lookUp(low);
    const after = this.#lookUp(high);
    while (before !== after && high - low > 1000) {
      const middle = Math.floor((low + high) / 2000) * 1000;
      if (this.#lookUp(middle) === before) low = middle;
      else high = middle;
    }
    const span = { before, after, change: before === after ? Number.POSITIVE_INFINITY : high };
    this.#spans.set(index, span);
    return span;
  }

  #lookUp(time: number): number {
    const [, sign, hours, minutes, seconds = "0"] = OFFSET.exec(this.#format.format(time)) ?? [];
    const size =
      (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MS_PER_MINUTE + Number(seconds) * 1000;
    return sign === "-" ? -size : size;
  }
}
