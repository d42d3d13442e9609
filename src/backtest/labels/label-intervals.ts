import type { LabelSpan } from "./label-file.ts";

/** Overlapping or touching spans, merged. */
interface Interval {
  readonly from: number;
  to: number;
  readonly spans: LabelSpan[];
  /** Whether it has a reading. */
  used: boolean;
}

/** Finds readings in labelled spans, by sensor. Spans may overlap and come in any order. */
export class LabelIntervals {
  readonly #spans: readonly LabelSpan[];
  readonly #byKey = new Map<string, readonly Interval[]>();

  constructor(spans: readonly LabelSpan[]) {
    this.#spans = spans;
  }

  /** Whether a reading is labelled. O(log spans). @param time Event time, ms. */
  has(key: string, time: number): boolean {
    const intervals = this.#of(key);
    let low = 0;
    let high = intervals.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((intervals[middle] as Interval).from <= time) low = middle + 1;
      else high = middle;
    }
    const interval = intervals[low - 1];
    if (interval === undefined || interval.to < time) return false;
    interval.used = true;
    return true;
  }

  /** Spans without a reading so far, in file order. */
  unused(): readonly LabelSpan[] {
    const intervals = [...this.#byKey.values()].flat().filter(({ used }) => used);
    const used = new Set(intervals.flatMap(({ spans }) => spans));
    return this.#spans.filter((span) => !used.has(span));
  }

  #of(key: string): readonly Interval[] {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const fresh = joined(this.#spans.filter((span) => span.key === null || span.key === key));
    this.#byKey.set(key, fresh);
    return fresh;
  }
}

/** The spans by start, overlapping ones merged. */
function joined(spans: readonly LabelSpan[]): Interval[] {
  const intervals: Interval[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = intervals.at(-1);
    if (last !== undefined && span.from <= last.to) {
      last.to = Math.max(last.to, span.to);
      last.spans.push(span);
    } else {
      intervals.push({ from: span.from, to: span.to, spans: [span], used: false });
    }
  }
  return intervals;
}

/** Warnings about valid but unusual labels, a phrase each. */
export function oddities(spans: readonly LabelSpan[]): readonly string[] {
  const keys = new Set(spans.map(({ key }) => key));
  let overlapping = 0;
  let unsorted = 0;
  for (const key of keys) {
    const own = spans.filter((span) => span.key === key);
    overlapping += own.length - joined(own).length;
    unsorted += own.filter((span, i) => span.from < (own[i - 1]?.from ?? span.from)).length;
  }
  const labels = (count: number) => `${count} ${count === 1 ? "label overlaps" : "labels overlap"}`;
  return [
    ...(overlapping > 0
      ? [`${labels(overlapping)} another; overlapping labels count as one event`]
      : []),
    ...(unsorted > 0 ? ["the labels are not in time order; the result is the same"] : []),
  ];
}
