import type { AlertListener, Evidence } from "../../../core/alerts/alert-event.ts";
import type { AlertPolicy } from "../../../core/alerts/alert-policy.ts";
import { AlertBudget, NOTHING } from "../../../core/alerts/budget/alert-budget.ts";
import { budgetScore } from "../../../core/alerts/budget/budget-score.ts";
import { loadEvidence, saveEvidence } from "../../../core/alerts/episode/evidence-codec.ts";
import { shifted } from "../../../core/alerts/episode/pending-window.ts";
import { type Detector, isScored, type ScoreColumns } from "../../../core/detectors/detector.ts";
import type { StateReader, StateWriter } from "../../../core/state-codec.ts";
import type { Pacing } from "./pacing.ts";

/** Anomaly score at the alarm boundary. */
const BOUNDARY = 0.5;

/** Readings within which a rare one must be supported by another. */
const SUPPORT = 3;

/** Replaces the verdicts of a detector by those of an alert budget. An episode lasts as long as its incident. */
export class BudgetPacing implements Pacing {
  readonly name = "budget";
  readonly #budget: AlertBudget;
  /** Readings without a sign of the incident, if it ended with the last reading; else 1. */
  #quietRows = 1;
  /** What the reading taken last is to an incident. */
  #state = NOTHING;
  /** The rarest reading of a reported incident, or of the newest ones, and when the first rare one of them was. */
  #rarest: Evidence | null = null;
  #since = Number.NaN;
  /** Readings in a row that are neither rare nor part of a reported incident. */
  #calm = 0;
  #isRarest = false;

  /** @param perWeek Alerts a week. */
  constructor(perWeek: number) {
    this.#budget = new AlertBudget(perWeek);
  }

  get bytes(): number {
    return this.#budget.bytes;
  }

  take(scores: ScoreColumns, times: Float64Array, i: number): void {
    const budget = this.#budget;
    if (!isScored(scores, i)) {
      budget.see(times, i);
      return;
    }
    const wasOpen = budget.isOpen;
    this.#state = budget.observe(times, scores.p, i);
    this.#forgetOld();
    this.#isRarest =
      budget.isRare && (scores.p[i] as number) < (this.#rarest?.p ?? Number.POSITIVE_INFINITY);
    this.#quietRows = wasOpen && !budget.isOpen ? budget.gap : 1;
    budgetScore(budget.margin, budget.q, scores.anomalyScore, i);
    scores.isAnomaly[i] = budget.margin >= 0 ? 1 : 0;
  }

  /** Forgets the rarest reading once it is part of no reported incident and can't become part of one. */
  #forgetOld(): void {
    const { isRare, isReported } = this.#budget;
    this.#calm = isRare || isReported ? 0 : this.#calm + 1;
    if (this.#rarest !== null && this.#calm >= SUPPORT) this.#rarest = null;
  }

  pass(scores: ScoreColumns, i: number): boolean {
    scores.isAnomaly[i] = 0;
    scores.anomalyScore[i] = Math.min(BOUNDARY, scores.anomalyScore[i] as number);
    return false;
  }

  normal(timestamp: number, policy: AlertPolicy, listener: AlertListener): void {
    const lasts = this.#state !== NOTHING;
    if (policy.isActive && this.#budget.isOpen) policy.goesOn(timestamp, lasts, listener);
    else policy.normal(timestamp, listener, this.#quietRows);
  }

  get remembers(): boolean {
    return this.#isRarest;
  }

  remember(evidence: Evidence): void {
    if (this.#rarest === null) this.#since = evidence.timestamp;
    this.#rarest = evidence;
  }

  evidence(anomalyScore: number): Evidence | null {
    return this.#rarest === null ? null : { ...this.#rarest, anomalyScore };
  }

  since(timestamp: number): number {
    return this.#rarest === null ? timestamp : this.#since;
  }

  shift(ms: number): void {
    this.#since += ms;
    if (this.#rarest !== null) this.#rarest = shifted(this.#rarest, ms);
  }

  threshold(detector: Detector): number {
    return detector.boundary?.(Math.exp(-this.#budget.boundary)) ?? Number.NaN;
  }

  save(writer: StateWriter): void {
    this.#budget.save(writer);
    writer.u32(this.#calm);
    writer.bool(this.#rarest !== null);
    if (this.#rarest === null) return;
    writer.f64(this.#since);
    saveEvidence(writer, this.#rarest);
  }

  load(reader: StateReader): void {
    this.#budget.load(reader);
    this.#calm = reader.u32();
    if (!reader.bool()) return;
    this.#since = reader.f64();
    this.#rarest = loadEvidence(reader);
  }
}
