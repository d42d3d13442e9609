import type { AlertEvent, Episode } from "../core/alerts/alert-event.ts";
import type { Severity } from "../core/alerts/severity.ts";
import { firstAtLeast, type SequencedBatch } from "../core/batch.ts";
import { isScored, type ScoreColumns } from "../core/detectors/detector.ts";
import { learningOf } from "../core/detectors/registry.ts";
import type { KeyTable } from "../core/key-table.ts";
import type { EngineOutput } from "../engine/engine-output.ts";
import { contaminationOf, type DetectorPlan, type EnginePlan } from "../engine/plan.ts";
import { patienceOf } from "./metrics/detector-counts.ts";
import { LabelMeter } from "./metrics/label-metrics.ts";
import type { BacktestResult, DetectorTotals, SensorTotals } from "./result/backtest-result.ts";
import { ScoreSeries } from "./thinning/score-series.ts";

interface SensorCounts {
  readings: number;
  anomalies: number;
  readonly series: ScoreSeries;
}

const WEEK_MS = 604_800_000;

/** Which rows and episodes a result covers. */
export interface CollectorOptions {
  /** Event time of the first reported row, ms; earlier rows only warm the models. */
  readonly from: number;
  /** Index of the label column for metrics; null: no metrics. */
  readonly label: number | null;
  /**
   * Whether the result lists all suppressed episodes. If not, it lists only those longer than the `patience` of
   * their detector, and counts the others.
   */
  readonly keepSuppressed: boolean;
}

/** Sums up a backtest batch by batch. Memory grows with sensors and alerts, not with readings. */
export class BacktestCollector {
  readonly #plan: EnginePlan;
  readonly #keys: KeyTable;
  readonly #from: number;
  readonly #labels: LabelMeter | null;
  readonly #scored: Float64Array;
  readonly #anomalies: Float64Array;
  readonly #episodeCounts: Float64Array;
  readonly #sensors: SensorCounts[] = []; // by key code; may have holes
  readonly #keepSuppressed: boolean;
  readonly #episodes: Episode[] = [];
  #suppressed = 0;
  #readings = 0;
  #reported = 0;
  #messages = 0;
  #firstTime = Number.NaN;
  #lastTime = Number.NaN;

  constructor(plan: EnginePlan, keys: KeyTable, { from, label, keepSuppressed }: CollectorOptions) {
    this.#keepSuppressed = keepSuppressed;
    this.#plan = plan;
    this.#keys = keys;
    this.#from = from;
    this.#labels = label === null ? null : new LabelMeter(plan, label);
    this.#scored = new Float64Array(plan.detectors.length);
    this.#anomalies = new Float64Array(plan.detectors.length);
    this.#episodeCounts = new Float64Array(plan.detectors.length);
  }

  /** Readings so far. */
  get readings(): number {
    return this.#readings;
  }

  /** Adds a batch. Returns its alert events in the reported span, and its first reported row. */
  add(
    batch: SequencedBatch,
    output: EngineOutput,
  ): { readonly events: readonly AlertEvent[]; readonly first: number } {
    const first = firstAtLeast(batch, this.#from + batch.offset);
    this.#readings += batch.length;
    this.#reported += batch.length - first;
    if (first < batch.length) this.#extendSpan(batch, first);
    for (let d = 0; d < output.scores.length; d++) {
      this.#countScores(d, output.scores[d] as ScoreColumns, first, batch.length);
    }
    this.#addReadings(batch, output, first);
    this.#labels?.add(batch, output, first, batch.length);
    for (const episode of output.episodes) this.#addEpisode(episode);
    return { events: this.#takeReported(output.events), first };
  }

  /** Adds the output of a tick. Returns its alert events in the reported span. */
  tick(events: readonly AlertEvent[], episodes: readonly Episode[]): readonly AlertEvent[] {
    for (const episode of episodes) this.#addEpisode(episode);
    return this.#takeReported(events);
  }

  /** @param open Episodes that have not ended. */
  finish(open: readonly Episode[], outOfOrder: number): BacktestResult {
    for (const episode of open) this.#addEpisode(episode);
    const episodes = this.#episodes.sort(
      (a, b) => a.startedAt - b.startedAt || a.key - b.key || a.detector - b.detector,
    );
    const notified = episodes.filter((episode) => episode.notified);
    const alerts: Record<Severity, number> = { info: 0, warning: 0, critical: 0 };
    for (const { severity } of notified) alerts[severity] += 1;
    return {
      readings: this.#readings,
      reported: this.#reported,
      from: this.#firstTime,
      to: this.#lastTime,
      outOfOrder,
      episodes,
      messages: this.#messages,
      alerts,
      suppressed: this.#suppressed,
      detectors: this.#plan.detectors.map((_, d) => this.#detectorTotals(d, notified)),
      sensors: this.#sensorTotals(notified),
      labels: this.#labels?.finish(episodes) ?? [],
    };
  }

  #takeReported(events: readonly AlertEvent[]): readonly AlertEvent[] {
    const reported = events.filter(({ timestamp }) => timestamp >= this.#from);
    this.#messages += reported.length;
    return reported;
  }

  #addEpisode(episode: Episode): void {
    if (episode.lastAnomalyAt < this.#from) return;
    if (!episode.notified) this.#suppressed += 1;
    const { config } = this.#detector(episode.detector);
    this.#episodeCounts[episode.detector] = (this.#episodeCounts[episode.detector] as number) + 1;
    if (episode.notified || this.#keepSuppressed || episode.anomalies > patienceOf(config)) {
      this.#episodes.push(episode);
    }
  }

  #extendSpan(batch: SequencedBatch, first: number): void {
    for (let i = first; i < batch.length; i++) {
      const time = batch.timestamps[i] as number;
      if (!(time >= this.#firstTime)) this.#firstTime = time;
      if (!(time <= this.#lastTime)) this.#lastTime = time;
    }
  }

  #countScores(detector: number, scores: ScoreColumns, first: number, end: number): void {
    let scored = 0;
    let anomalies = 0;
    for (let i = first; i < end; i++) {
      if (!isScored(scores, i)) continue;
      scored += 1;
      anomalies += scores.isAnomaly[i] as number;
    }
    this.#scored[detector] = (this.#scored[detector] as number) + scored;
    this.#anomalies[detector] = (this.#anomalies[detector] as number) + anomalies;
  }

  // a method of its own: code after such a loop makes V8 leave the compiled loop for the interpreter
  #addReadings(batch: SequencedBatch, output: EngineOutput, first: number): void {
    for (let i = first; i < batch.length; i++) this.#addReading(batch.keys[i] as number, output, i);
  }

  #addReading(key: number, output: EngineOutput, row: number): void {
    const sensor = this.#sensor(key);
    sensor.readings += 1;
    let largest = Number.NaN;
    let anomalous = 0;
    for (let d = 0; d < output.scores.length; d++) {
      const scores = output.scores[d] as ScoreColumns;
      if (!isScored(scores, row)) continue;
      const score = scores.anomalyScore[row] as number;
      if (!(score <= largest)) largest = score;
      anomalous |= scores.isAnomaly[row] as number;
    }
    sensor.anomalies += anomalous;
    sensor.series.add(largest);
  }

  #sensor(key: number): SensorCounts {
    const known = this.#sensors[key];
    if (known) return known;
    const fresh = { readings: 0, anomalies: 0, series: new ScoreSeries() };
    this.#sensors[key] = fresh;
    return fresh;
  }

  #detectorTotals(d: number, notified: readonly Episode[]): DetectorTotals {
    const alerts = notified.filter(({ detector }) => detector === d).length;
    const sensors = this.#sensors.reduce((count) => count + 1, 0);
    const weeks = (sensors * (this.#lastTime - this.#firstTime)) / WEEK_MS;
    const detector = this.#detector(d);
    const { name, config } = detector;
    const learning = learningOf(config);
    return {
      name,
      algorithm: config.algorithm,
      scored: this.#scored[d] as number,
      anomalies: this.#anomalies[d] as number,
      episodes: this.#episodeCounts[d] as number,
      alerts,
      alertsPerWeek: weeks > 0 ? alerts / weeks : Number.NaN,
      contamination: contaminationOf(detector),
      budget: detector.alerts.budget,
      warmupPeriod: learning?.warmupPeriod ?? 0,
    };
  }

  #detector(d: number): DetectorPlan {
    const detector = this.#plan.detectors[d];
    if (!detector) throw new RangeError(`No detector ${d}`);
    return detector;
  }

  #sensorTotals(notified: readonly Episode[]): SensorTotals[] {
    const alerts = new Map<number, number>();
    for (const { key } of notified) alerts.set(key, (alerts.get(key) ?? 0) + 1);
    const totals: SensorTotals[] = [];
    this.#sensors.forEach((sensor, key) => {
      totals.push({ key, name: this.#keys.name(key), alerts: alerts.get(key) ?? 0, ...sensor });
    });
    return totals;
  }
}
