import type { SequencedBatch } from "../../core/batch.ts";
import { isScored, type ScoreColumns } from "../../core/detectors/detector.ts";
import { WindowMemories } from "../../core/sorted-window/window-memory.ts";
import type { EngineOutput } from "../../engine/engine-output.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import { type ThinnedReading, ThinnedSensor } from "./thinned-sensor.ts";
import { type UsualReach, usualReach } from "./usual-band.ts";

/** Approximate limit of numbers for all sensors together: 16 MB. */
const MAX_NUMBERS = 2 ** 21;
/** Minimum number of buckets of a sensor; small compared to its models in an engine. */
const MIN_BUCKETS = 64;
const MAX_BUCKETS = 65_536;
/** Bars of the score distribution; the alarm boundary lies between two. */
const SCORE_BARS = 50;

/** Distribution of a detector's anomaly scores: counts over equal parts of [0, 1]. */
export type ScoreCounts = Float64Array;

/** Collects the readings of all sensors for charts. Memory is bounded per sensor. */
export class SeriesCollector {
  readonly #sensors: ThinnedSensor[] = []; // by key code; may have holes
  readonly #counts: readonly ScoreCounts[];
  readonly #reach: UsualReach;
  readonly #memories = new WindowMemories();
  readonly #columns: number;
  readonly #label: number | null;
  readonly #reading: { -readonly [Name in keyof ThinnedReading]: ThinnedReading[Name] };
  #count = 0;
  #capacity = MAX_BUCKETS;

  /** @param label Index of the label column; null: none. */
  constructor(plan: EnginePlan, label: number | null) {
    const detectors = plan.detectors.length;
    this.#columns = plan.columns.length;
    this.#label = label;
    this.#reach = usualReach(plan);
    this.#counts = plan.detectors.map(() => new Float64Array(SCORE_BARS));
    this.#reading = {
      time: 0,
      columns: [],
      row: 0,
      isLabelled: false,
      scores: new Float64Array(detectors),
    };
  }

  /** By detector. */
  get counts(): readonly ScoreCounts[] {
    return this.#counts;
  }

  /** By key code; has holes for keys without a reading. */
  get sensors(): readonly (ThinnedSensor | undefined)[] {
    return this.#sensors;
  }

  /** Adds the rows from `first` on. */
  add(batch: SequencedBatch, output: EngineOutput, first: number): void {
    const reading = this.#reading;
    const labels = this.#label === null ? undefined : batch.labels[this.#label];
    reading.columns = batch.columns;
    for (let row = first; row < batch.length; row++) {
      reading.time = batch.eventTimes[row] as number;
      reading.row = row;
      reading.isLabelled = labels?.[row] === 1;
      for (let d = 0; d < reading.scores.length; d++) this.#score(output, d, row);
      this.#sensor(batch.keys[row] as number).add(reading);
    }
  }

  #score(output: EngineOutput, detector: number, row: number): void {
    const scores = output.scores[detector] as ScoreColumns;
    const score = isScored(scores, row) ? (scores.anomalyScore[row] as number) : Number.NaN;
    this.#reading.scores[detector] = score;
    if (Number.isNaN(score)) return;
    const counts = this.#counts[detector] as ScoreCounts;
    const isAnomaly = scores.isAnomaly[row] === 1;
    const bar = barOf(score, isAnomaly);
    counts[bar] = (counts[bar] as number) + 1;
  }

  #sensor(key: number): ThinnedSensor {
    const known = this.#sensors[key];
    if (known !== undefined) return known;
    this.#count += 1;
    const { scores } = this.#reading;
    const perBucket = 2 + 4 * this.#columns + scores.length;
    const share = Math.floor(MAX_NUMBERS / (perBucket * this.#count * 2)) * 2;
    const capacity = Math.min(MAX_BUCKETS, Math.max(MIN_BUCKETS, share));
    if (capacity <= this.#capacity / 2) {
      this.#capacity = Math.max(MIN_BUCKETS, capacity);
      for (const sensor of this.#sensors) sensor?.shrink(this.#capacity);
    }
    const fresh = new ThinnedSensor(
      this.#columns,
      scores.length,
      this.#capacity,
      this.#reach,
      this.#memories,
    );
    this.#sensors[key] = fresh;
    return fresh;
  }
}

/** Bar of a score. Only anomalous scores go above the middle, even at the exact boundary. */
function barOf(score: number, isAnomaly: boolean): number {
  const middle = SCORE_BARS / 2;
  const bar = Math.min(SCORE_BARS - 1, Math.floor(score * SCORE_BARS));
  return isAnomaly ? Math.max(bar, middle) : Math.min(bar, middle - 1);
}
