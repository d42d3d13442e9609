import type { SequencedBatch } from "../../core/batch.ts";
import type { ScoreColumns } from "../../core/detectors/detector.ts";
import { isScored } from "../../core/detectors/detector.ts";
import { scoresReadings } from "../../core/detectors/registry.ts";
import type { KeyTable } from "../../core/key-table.ts";
import type { EngineOutput } from "../../engine/engine-output.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import type { TestScore } from "./outcome.ts";

interface SeenRow {
  readonly time: number;
  readonly row: number;
}

/** Records every score of a test, and the time of every row. Memory grows with the rows. */
export class RowRecorder {
  readonly scores: TestScore[] = [];
  readonly #plan: EnginePlan;
  readonly #keys: KeyTable;
  readonly #rowOf: (record: number) => number;
  readonly #seen = new Map<number, SeenRow[]>();

  /** @param rowOf Converts the number of an input record to the test's row number. */
  constructor(plan: EnginePlan, keys: KeyTable, rowOf: (record: number) => number) {
    this.#plan = plan;
    this.#keys = keys;
    this.#rowOf = rowOf;
  }

  /** Adds the scores of the rows from `first` on. */
  async write(batch: SequencedBatch, output: EngineOutput, first = 0): Promise<void> {
    for (let i = first; i < batch.length; i++) {
      const key = batch.keys[i] as number;
      const row = this.#rowOf(batch.rows[i] as number);
      const seen = this.#seen.get(key) ?? [];
      this.#seen.set(key, seen);
      seen.push({ time: batch.eventTimes[i] as number, row });
      for (const [d, { name, config }] of this.#plan.detectors.entries()) {
        if (!scoresReadings(config)) continue;
        const scores = output.scores[d] as ScoreColumns;
        this.scores.push({
          row,
          sensor: this.#keys.name(key),
          detector: name,
          score: scores.anomalyScore[i] as number,
          anomalous: isScored(scores, i) ? scores.isAnomaly[i] === 1 : null,
        });
      }
    }
  }

  /** Row of a key's last recorded reading at that time or before; 0 without one. */
  rowAt(key: number, time: number): number {
    return this.#seen.get(key)?.findLast((seen) => seen.time <= time)?.row ?? 0;
  }
}
