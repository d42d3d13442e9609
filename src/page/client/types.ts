/**
 * Data that charts and explanations draw. Free of DOM types, so that code outside a browser can use it.
 *
 * @module
 */

/** Values of a line, one per point; null is missing. */
export type Series = readonly (number | null)[];

/** One line of a chart. */
export interface Line {
  readonly name: string;
  readonly values: Series;
  /** If a point stands for several readings: the largest of them; `values` has the smallest. */
  readonly upper?: Series;
  /** The usual range, drawn behind the line. */
  readonly usual?: { readonly low: Series; readonly high: Series };
}

/** An alert in a chart. */
export interface Mark {
  readonly severity: string;
  /** Seconds. */
  readonly start: number;
  /** Seconds; Infinity: still open; NaN: ended at an unknown time. */
  readonly end: number;
}

/** A span labelled as anomalous, seconds. */
export interface Shade {
  readonly start: number;
  readonly end: number;
}

/** The contents of a chart. */
export interface Drawing {
  /** Event times, seconds, ascending. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly marks: readonly Mark[];
  readonly shades?: readonly Shade[];
}

/** One feature's part in a score. */
export interface Contribution {
  readonly feature: string;
  readonly value: number | null;
  readonly typical: number | null;
  readonly usual_range: readonly (number | null)[];
  readonly direction: "low" | "high" | null;
  readonly share: number | null;
}
