import type { SourceEvent } from "../../../../io/sources/live/live-source.ts";
import type { SourceLine } from "./sensor-line.ts";

/** Whole seconds of a rate. */
const RATE_SECONDS = 5;

interface Health {
  isUp: boolean | null;
  since: number;
  rejected: number;
  dropped: number;
  /** Second of the newest count; `counts` is a ring by second. */
  second: number;
  readonly counts: number[];
}

/** Keeps what a live view shows of the sources. */
export class SourceBoard {
  readonly #sources: ReadonlyMap<string, Health>;

  /** @param labels As the user named them. */
  constructor(labels: readonly string[]) {
    this.#sources = new Map(
      labels.map((label) => [
        label,
        {
          ...{ isUp: null, since: Number.NaN, rejected: 0, dropped: 0, second: 0 },
          counts: Array<number>(RATE_SECONDS + 1).fill(0),
        },
      ]),
    );
  }

  event(label: string, { kind, atMs }: SourceEvent): void {
    const source = this.#sources.get(label);
    if (source === undefined || kind === "lost") return;
    const isUp = kind === "up";
    if (source.isUp === isUp) return;
    source.isUp = isUp;
    source.since = atMs;
  }

  rejected(label: string): void {
    const source = this.#sources.get(label);
    if (source !== undefined) source.rejected += 1;
  }

  dropped(label: string, lines: number): void {
    const source = this.#sources.get(label);
    if (source !== undefined) source.dropped += lines;
  }

  /** @param steadyMs Time of a steady clock. */
  readings(label: string, count: number, steadyMs: number): void {
    const source = this.#sources.get(label);
    if (source === undefined) return;
    const second = forward(source, steadyMs);
    source.counts[second % source.counts.length] =
      (source.counts[second % source.counts.length] ?? 0) + count;
  }

  /** @param steadyMs Time of a steady clock. */
  lines(steadyMs: number): readonly SourceLine[] {
    return [...this.#sources].map(([label, source]) => {
      const now = forward(source, steadyMs) % source.counts.length;
      const whole = source.counts.reduce((sum, count, i) => (i === now ? sum : sum + count), 0);
      const { isUp, since, rejected, dropped } = source;
      return {
        ...{ label, isUp, since, rejected, dropped },
        readingsPerSecond: whole / RATE_SECONDS,
      };
    });
  }
}

/** Clears the counts of the seconds since the newest count. @returns The current second. */
function forward(source: Health, steadyMs: number): number {
  const second = Math.floor(steadyMs / 1000);
  const { length } = source.counts;
  const passed = Math.min(length, second - source.second);
  for (let i = 0; i < passed; i++) source.counts[(second - i) % length] = 0;
  source.second = second;
  return second;
}
