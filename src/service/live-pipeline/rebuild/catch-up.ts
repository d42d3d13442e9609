import type { KeyTable } from "../../../core/key-table.ts";
import { Engine } from "../../../engine/engine.ts";
import type { EngineOutput } from "../../../engine/engine-output.ts";
import { Intake } from "../../../engine/intake.ts";
import type { SavedPart } from "../../../engine/keys/snapshot-parts.ts";
import type { EnginePlan } from "../../../engine/plan.ts";
import type { RingColumn } from "../history/row-history.ts";
import type { Rows } from "../history/rows.ts";

const BLOCK_ROWS = 4096;

/** Saved parts of state by key code. */
export type PartsByKey = ReadonlyMap<number, readonly SavedPart[]>;

/**
 * Runs the rows of a history through a new engine. Its times go on where those of the running engine are.
 *
 * @param running The engine that the rows went through.
 * @param columns Those of the plan.
 * @param before State of keys before the first row.
 * @param onBlock Called with each block's first row and output.
 * @returns The engine after the last row.
 */
export function runHistory(
  { history, clockSteps }: Rows,
  running: Engine,
  plan: EnginePlan,
  keys: KeyTable,
  columns: readonly RingColumn[],
  before: PartsByKey,
  onBlock: (row: number, output: EngineOutput) => void,
): Engine {
  const engine = new Engine(plan, keys);
  for (const [key, parts] of before) engine.restore(key, parts);
  // the rows were accepted before: none is held again
  const intake = new Intake({ outOfOrder: "process", maxJump: Number.POSITIVE_INFINITY });
  const level = clockSteps.level((key) => running.setBy(key));
  for (let row = history.start; row < history.end; row += BLOCK_ROWS) {
    const end = Math.min(row + BLOCK_ROWS, history.end);
    const rows = history.batch(row, end, columns);
    const { timestamps } = rows;
    rows.keys.forEach((key, i) => {
      timestamps[i] = level(row + i, key, timestamps[i] as number);
    });
    onBlock(row, engine.apply(intake.accept(rows)));
  }
  for (let key = 0; key < keys.size; key++) engine.shift(key, running.setBy(key));
  return engine;
}

/** The parts of all keys of an engine that `wanted` selects by name. */
export function partsOf(
  engine: Engine,
  keys: number,
  wanted: (name: string) => boolean,
): Map<number, SavedPart[]> {
  const found = new Map<number, SavedPart[]>();
  for (let key = 0; key < keys; key++) {
    const parts = engine.snapshot(key).filter(({ name }) => wanted(name));
    if (parts.length > 0) found.set(key, parts);
  }
  return found;
}

/** Model and counts of a detector for one sensor. */
interface CarriedModel {
  readonly parts: readonly SavedPart[];
  readonly scored: number;
  readonly anomalies: number;
}

/** Models of a detector by sensor, which move with it to another pipeline. */
export type CarriedModels = ReadonlyMap<string, CarriedModel>;
