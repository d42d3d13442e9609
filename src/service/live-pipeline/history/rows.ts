import type { SequencedBatch } from "../../../core/batch.ts";
import type { ScoreColumns } from "../../../core/detectors/detector.ts";
import type { FeatureSpec } from "../../../core/features/spec.ts";
import type { EngineOutput } from "../../../engine/engine-output.ts";
import type { RowStep } from "../../../engine/keys/clock-steps.ts";
import type { BuiltShape, LiveDetector } from "../shape.ts";
import { ClockSteps } from "./clock-steps.ts";
import type { RingColumn, RowHistory } from "./row-history.ts";
import { VerdictColumns } from "./verdict-columns.ts";

/** Rows of a key that {@link Rows.find} searches. */
const SEARCHED_ROWS = 1000;

/** The last rows of a pipeline: their numbers, features and verdicts. */
export class Rows {
  readonly history: RowHistory;
  /** Of sensors, within the stored rows. */
  readonly clockSteps = new ClockSteps();
  readonly #columnNames: readonly string[];
  readonly #columns: readonly RingColumn[];
  /** Columns of the features in use. */
  readonly #features = new Map<FeatureSpec, RingColumn>();
  readonly #verdicts = new Map<LiveDetector, VerdictColumns>();
  #built: BuiltShape;

  /** @param built Of a pipeline with these columns. */
  constructor(history: RowHistory, built: BuiltShape) {
    this.history = history;
    this.#columnNames = built.plan.columns;
    this.#columns = this.#columnNames.map(() => history.addColumn());
    this.#built = built;
    this.reshape(built);
  }

  /** Numeric columns, in the order of the plan. */
  get columns(): readonly RingColumn[] {
    return this.#columns;
  }

  /** Adds columns for new features and detectors; removes unused ones. */
  reshape(built: BuiltShape): void {
    const { history } = this;
    const used = new Set([...built.features.values()].map((i) => built.plan.features[i]));
    for (const [spec, column] of this.#features) {
      if (used.has(spec)) continue;
      history.removeColumn(column);
      this.#features.delete(spec);
    }
    for (const spec of used) {
      if (spec && !this.#features.has(spec)) this.#features.set(spec, history.addColumn());
    }
    for (const detector of this.#verdicts.keys()) {
      if (!built.shape.detectors.includes(detector)) this.forget(detector);
    }
    for (const detector of built.shape.detectors) {
      if (this.#verdicts.has(detector)) continue;
      this.#verdicts.set(detector, new VerdictColumns(history));
    }
    this.#built = built;
  }

  /** Drops the verdicts of a detector. */
  forget(detector: LiveDetector): void {
    this.#verdicts.get(detector)?.remove();
    this.#verdicts.delete(detector);
  }

  /** All columns, in an order that only depends on the shape. */
  get allColumns(): readonly RingColumn[] {
    const { features, shape } = this.#built;
    return [
      ...this.#columns,
      ...[...features.keys()].map((name) => this.column(name)),
      ...shape.detectors.flatMap((detector) => this.verdicts(detector).columns),
    ];
  }

  /** @param steps Clocks that were set among these rows. */
  add(
    rows: SequencedBatch,
    { length, features, scores }: EngineOutput,
    steps: readonly RowStep[],
  ): void {
    const { history } = this;
    const first = history.end;
    history.add(rows.keys, rows.eventTimes, length);
    const ownSteps = steps.map((step) => ({ ...step, row: first + step.row }));
    this.clockSteps.add(ownSteps, history.start);
    for (const [c, column] of this.#columns.entries()) {
      history.write(column, first, rows.columns[c] as Float64Array, length);
    }
    this.writeFeatures(this.#built.plan.features, first, features, length);
    for (const [d, detector] of this.#built.shape.detectors.entries()) {
      this.verdicts(detector).write(first, scores[d] as ScoreColumns, length);
    }
  }

  /** Writes the values of features in use, from `row` on. */
  writeFeatures(
    specs: readonly FeatureSpec[],
    row: number,
    values: readonly Float64Array[],
    count: number,
  ): void {
    for (let f = 0; f < specs.length; f++) {
      const column = this.#features.get(specs[f] as FeatureSpec);
      if (column) this.history.write(column, row, values[f] as Float64Array, count);
    }
  }

  /** @throws {RangeError} If the shape has no such detector. */
  verdicts(detector: LiveDetector): VerdictColumns {
    const verdicts = this.#verdicts.get(detector);
    if (!verdicts) throw new RangeError(`There is no detector ${detector.name}`);
    return verdicts;
  }

  /**
   * Finds the column of an input by name.
   *
   * @throws {RangeError} If it is unknown.
   */
  column(name: string): RingColumn {
    const index = this.#built.features.get(name);
    const spec = index === undefined ? undefined : this.#built.plan.features[index];
    const column = spec ? this.#features.get(spec) : this.#columns[this.#columnNames.indexOf(name)];
    if (!column) throw new RangeError(`There is no input ${name}`);
    return column;
  }

  /** Values of a stored row. */
  values(names: readonly string[], row: number): Float64Array {
    return Float64Array.from(names, (name) => this.history.at(this.column(name), row));
  }

  /** Newest of the key's last 1000 rows with these values, within a tolerance; -1: none. */
  find(names: readonly string[], key: number, values: Float64Array): number {
    const { history } = this;
    const columns = names.map((name) => this.column(name));
    let row = history.newest(key);
    for (let i = 0; i < SEARCHED_ROWS && row >= 0; i++) {
      if (sameVector(history, columns, row, values)) return row;
      row = history.before(row);
    }
    return -1;
  }
}

/** Relative tolerance, as clients round numbers. */
const TOLERANCE = 1e-6;

/** Whether a row has these values, within the tolerance. NaN equals NaN. */
function sameVector(
  history: RowHistory,
  columns: readonly RingColumn[],
  row: number,
  values: Float64Array,
): boolean {
  for (let c = 0; c < columns.length; c++) {
    const own = history.at(columns[c] as RingColumn, row);
    const other = values[c] as number;
    if (own === other) continue;
    const near = Math.abs(own - other) <= TOLERANCE * Math.max(Math.abs(own), Math.abs(other));
    if (!near && !(Number.isNaN(own) && Number.isNaN(other))) return false;
  }
  return true;
}
