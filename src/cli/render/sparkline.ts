import type { ChalkInstance } from "chalk";

const BARS = [..."▁▂▃▄▅▆▇█"];

/** One bar per value; NaN is a gap. `low` and `high` map to the lowest and the highest bar. */
export function sparkline(values: readonly number[], low: number, high: number): string {
  const span = high - low;
  return values
    .map((value) => {
      if (Number.isNaN(value)) return " ";
      const height = span > 0 ? (value - low) / span : 0;
      return BARS[Math.min(BARS.length - 1, Math.max(0, Math.floor(height * BARS.length)))];
    })
    .join("");
}

/** Colours bars of scores: yellow from 0.5 on, where a reading is anomalous. */
export function paintBars(bars: string, color: ChalkInstance): string {
  return bars
    .replace(/[▁▂▃▄]+/g, (calm) => color.cyan(calm))
    .replace(/[▅▆▇█]+/g, (alarm) => color.yellow(alarm));
}
