import { z } from "zod";
import type { Side } from "../core/detectors/detector.ts";
import { createScoreColumns } from "../core/detectors/detector.ts";
import { Ecod } from "../core/detectors/ecod/ecod.ts";
import { IotmonError } from "../core/errors.ts";
import { WindowMemories } from "../core/sorted-window/window-memory.ts";
import { StateReader, StateWriter } from "../core/state-codec.ts";
import { describeIssue } from "./check/schema-faults.ts";
import { ecodSchema } from "./detectors/ecod/schema.ts";
import { ecodSettings, tooLongForSummaries, tooManyValues } from "./detectors/ecod/settings.ts";

const entrySchema = ecodSchema.omit({ name: true, alerts: true, algorithm: true }).extend({
  name: z.string().optional(),
  algorithm: z.literal("ecod").default("ecod"),
  features: z.array(z.string().min(1)).min(1),
  columns: z.array(z.int().min(0)).optional(),
  novelty_features: z.array(z.int().min(0)).default([]),
});

/**
 * A detector entry as in a pipeline file. `features` are the names of the inputs, in the order of a row. `columns` has
 * the number of the column of each, from 0; by default all belong to one column. `novelty_features` are the indices of
 * those that are plain values of their column, none by default: they get a novelty memory unless the detector is
 * frozen, and their magnitude gives the grid to which the features of the column are rounded.
 */
export type DetectorEntry = z.input<typeof entrySchema>;

/** The result of one row. */
export interface Observation {
  /** Nats; null: not scored (warming up, or nothing but missing values). */
  readonly raw_score: number | null;
  /** Probability of a score at least this large in normal operation, in (0, 1]; null: not scored. */
  readonly p: number | null;
  /** Surprise of the row, `-ln p`, in nats, 0..690.8: ranks rows of any detectors; null: not scored. */
  readonly w: number | null;
  /** 0..1, 0.5 exactly at the alarm boundary; 0 when not scored. */
  readonly anomaly_score: number;
  readonly is_anomaly: boolean;
  /** Nats per feature; null: it did not vote. */
  readonly contributions: readonly (number | null)[];
  /** On which side of its reference each feature lies; null: it did not vote. */
  readonly sides: readonly (Side | null)[];
  /** Nats added to `raw_score` because a feature entered a region it never visited. */
  readonly novelty: number;
  /** Column that decided, because it alone is rarer than all together; null: none did. */
  readonly column: number | null;
  /** Whether the next row will be scored. */
  readonly warm: boolean;
}

/** A detector for one series of rows: the engine's own, a row at a time. */
export interface RowDetector {
  /**
   * Scores a row against what was learned from earlier rows, then learns it.
   *
   * @param row A value per feature; null, NaN and infinities are missing.
   * @throws {RangeError} If it has another number of values.
   */
  observe(row: readonly (number | null)[]): Observation;
  /** The whole state, exact to the bit. */
  snapshot(): Uint8Array;
  /**
   * Continues from a {@link snapshot} of a detector with the same configuration.
   *
   * @throws {RangeError} If the bytes do not fit this configuration; the state is then unchanged.
   */
  restore(snapshot: Uint8Array): void;
}

/**
 * Creates a detector for use in a program. For many rows at once the engine's batches are faster.
 *
 * @throws {IotmonError} `ERR_CONFIG` with every fault of the entry.
 */
export function createDetector(algorithm: "ecod", entry: DetectorEntry): RowDetector {
  const parsed = entrySchema.safeParse({ ...entry, algorithm }, { error: describeIssue });
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message, ...issue }) => {
      const keys = "keys" in issue ? ` ${(issue.keys as string[]).join(", ")}` : "";
      const text = keys === "" ? message : `unknown settings:${keys}`;
      return { at: path.join(".") || "detector", message: text };
    });
    throw new IotmonError("ERR_CONFIG", "The detector entry has faults", { faults });
  }
  const { features, columns, novelty_features, name: _, ...settings } = parsed.data;
  const dimension = features.length;
  if (settings.min_reference > settings.window) {
    const message =
      `min_reference: ${settings.min_reference} is more than the ${settings.window} values of ` +
      "window: no feature could ever vote";
    throw new IotmonError("ERR_CONFIG", message);
  }
  checkColumns(columns, dimension);
  const outside = novelty_features.find((index) => index >= dimension);
  if (outside !== undefined) {
    throw new IotmonError("ERR_CONFIG", `novelty_features: there is no feature ${outside}`, {
      hint: `Indices are 0 to ${dimension - 1}`,
    });
  }
  const facts = { columns: columns ?? features.map(() => 0), rawFeatures: novelty_features };
  const config = ecodSettings(settings, facts, novelty_features);
  const tooMany = tooLongForSummaries(settings) ?? tooManyValues(config, dimension);
  if (tooMany !== null) throw new IotmonError("ERR_CONFIG", `window: ${tooMany}`);
  return new SingleDetector(() => new Ecod(config, dimension, memories), dimension);
}

function checkColumns(columns: readonly number[] | undefined, dimension: number): void {
  if (columns === undefined) return;
  if (columns.length !== dimension) {
    const message = `columns: there are ${columns.length} for ${dimension} features`;
    throw new IotmonError("ERR_CONFIG", message, { hint: "Give the column of each feature" });
  }
  const missing = Array.from({ length: Math.max(...columns) }, (_, g) => g).find(
    (g) => !columns.includes(g),
  );
  if (missing === undefined) return;
  throw new IotmonError("ERR_CONFIG", `columns: no feature has column ${missing}`, {
    hint: "Number the columns from 0, without gaps",
  });
}

/** Small memories: detectors are created and dropped one by one. */
const memories = new WindowMemories(2 ** 20);

class SingleDetector implements RowDetector {
  readonly #create: () => Ecod;
  readonly #inputs: readonly Float64Array[];
  readonly #out = createScoreColumns(1);
  #detector: Ecod;

  constructor(create: () => Ecod, dimension: number) {
    this.#create = create;
    this.#detector = create();
    this.#inputs = Array.from({ length: dimension }, () => new Float64Array(1));
  }

  observe(row: readonly (number | null)[]): Observation {
    if (row.length !== this.#inputs.length) {
      throw new RangeError(`Expected ${this.#inputs.length} values, got ${row.length}`);
    }
    this.#inputs.forEach((input, j) => {
      input[0] = row[j] ?? Number.NaN;
    });
    const detector = this.#detector;
    const out = this.#out;
    detector.observe(this.#inputs, 0, out);
    const rawScore = out.rawScore[0] as number;
    const scored = !Number.isNaN(rawScore);
    const p = out.p[0] as number;
    const votes = this.#inputs.map((_, j) => scored && !Number.isNaN(detector.contribution(j)));
    return {
      raw_score: scored ? rawScore : null,
      p: scored ? p : null,
      w: scored ? 0 - Math.log(p) : null,
      anomaly_score: out.anomalyScore[0] as number,
      is_anomaly: out.isAnomaly[0] === 1,
      contributions: votes.map((voted, j) => (voted ? detector.contribution(j) : null)),
      sides: votes.map((voted, j) => (voted ? (detector.isHigh(j) ? "high" : "low") : null)),
      novelty: votes.includes(true) ? detector.novelty : 0,
      column: detector.column < 0 ? null : detector.column,
      warm: detector.observationsSeen >= detector.warmupPeriod,
    };
  }

  snapshot(): Uint8Array {
    const writer = new StateWriter();
    for (const part of this.#detector.parts()) part.save(writer);
    return writer.finish();
  }

  restore(snapshot: Uint8Array): void {
    const detector = this.#create();
    const reader = new StateReader(snapshot);
    for (const part of detector.parts()) part.load(reader);
    if (reader.remaining > 0) throw new RangeError(`${reader.remaining} bytes are left over`);
    this.#detector = detector;
  }
}
