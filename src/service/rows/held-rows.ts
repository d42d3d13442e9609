import { aheadText } from "../../io/time-rejects.ts";
import type { Warnings } from "../checks/warnings.ts";
import type { ScoredRows } from "../effects.ts";

/** Rows of a call that are not appended, by 0-based position among the rows that were read. */
export type UnusedRows = ReadonlyMap<number, string>;

/** Why rows of this call wait for the next row of their sensor, or were rejected by it. */
export function unusedRows({ times }: ScoredRows): UnusedRows {
  const waiting = new Map<number, number>(); // row by key, of this call
  const unused = new Map<number, string>();
  for (const { kind, key, row, timestamp, known } of times) {
    if (kind === "held") {
      waiting.set(key, row);
      const why = "the row waits until the next one of its sensor confirms it";
      unused.set(row - 1, `${aheadText(timestamp, known)}: ${why}`);
    } else if (waiting.get(key) === row) {
      waiting.delete(key);
      if (kind === "confirmed") unused.delete(row - 1);
      if (kind === "refused") {
        unused.set(
          row - 1,
          `${aheadText(timestamp, known)}, and the next row of its sensor is not`,
        );
      }
    }
  }
  return unused;
}

/** Adds a warning for each row of a call that is not appended because of its time. */
export function warnAboutUnused(unused: UnusedRows, column: string, warnings: Warnings): void {
  for (const [row, why] of unused) warnings.add(`rows.${row}.${column}`, why);
}
