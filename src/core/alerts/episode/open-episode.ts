import type { StateReader, StateWriter } from "../../state-codec.ts";
import type { AlertSubject, Episode, Evidence } from "../alert-event.ts";
import { hashId } from "../hash-id.ts";
import { SEVERITIES, type Severity, type SeverityLevels, severityRank } from "../severity.ts";
import { loadEvidence, saveEvidence } from "./evidence-codec.ts";
import { isWorse, type PendingWindow, shifted } from "./pending-window.ts";

/** The current episode, if there is one. */
export class OpenEpisode {
  readonly #subject: AlertSubject;
  readonly #levels: SeverityLevels;
  /** Start of the current or the last episode, ms; NaN before the first. */
  #startedAt = Number.NaN;
  /** The start by the clock of that time: the id contains it, and stays when the clock is set. */
  #namedAfter = Number.NaN;
  #sameStart = 0; // earlier episodes that started at the same time
  #lastAnomalyAt = Number.NaN;
  #anomalies = 0;
  #rank = 0; // highest severity so far
  /** Null without a current episode. */
  #peak: Evidence | null = null;

  constructor(subject: AlertSubject, levels: SeverityLevels) {
    this.#subject = subject;
    this.#levels = levels;
  }

  /** Whether there is a current episode. */
  get active(): boolean {
    return this.#peak !== null;
  }

  /** Highest severity so far, as a rank. */
  get rank(): number {
    return this.#rank;
  }

  /** Rarity -ln p of the worst row so far, nats; NaN without one or if the detector gives none. */
  get rarity(): number {
    return this.#peak === null ? Number.NaN : -Math.log(this.#peak.p);
  }

  /** Event time of the start of the current or the last episode, ms; NaN before the first. */
  get startedAt(): number {
    return this.#startedAt;
  }

  /** Event time of the last anomalous reading, ms. */
  get lastAnomalyAt(): number {
    return this.#lastAnomalyAt;
  }

  /** Starts an episode with the pending rows, of which there is at least one. */
  start({ since, last, anomalies, peak }: PendingWindow): void {
    this.#sameStart = since === this.#namedAfter ? this.#sameStart + 1 : 0;
    this.#startedAt = since;
    this.#namedAfter = since;
    this.#lastAnomalyAt = last;
    this.#anomalies = anomalies;
    if (peak !== null) this.#setPeak(peak);
  }

  /** Whether a row with these scores is worse than all earlier ones. */
  isPeak(anomalyScore: number, rawScore: number): boolean {
    return this.#peak === null || isWorse(anomalyScore, rawScore, this.#peak);
  }

  /** Adds an anomalous row; `evidence` if it {@link isPeak}. */
  add(timestamp: number, evidence: Evidence | null): void {
    this.#lastAnomalyAt = timestamp;
    this.#anomalies += 1;
    if (evidence !== null) this.#setPeak(evidence);
  }

  /** Extends the episode to `timestamp` without a row. */
  lasted(timestamp: number): void {
    this.#lastAnomalyAt = timestamp;
  }

  /** The clock was set: moves all times by `ms`. */
  shift(ms: number): void {
    this.#startedAt += ms;
    this.#lastAnomalyAt += ms;
    if (this.#peak !== null) this.#peak = shifted(this.#peak, ms);
  }

  end(): void {
    this.#peak = null;
    this.#rank = 0;
    this.#anomalies = 0;
    this.#lastAnomalyAt = Number.NaN;
  }

  /**
   * The current episode; null if there is none.
   *
   * @param resolvedAt Event time, ms; NaN while it lasts.
   * @param notified Whether a message was sent.
   */
  describe(resolvedAt: number, notified: boolean): Episode | null {
    if (this.#peak === null) return null;
    const { pipeline, detectorName, detector, keyName, key } = this.#subject;
    // late readings share one event time, so episodes may have the same start
    const again = this.#sameStart === 0 ? [] : [this.#sameStart];
    return {
      id: hashId(pipeline, detectorName, keyName, this.#namedAfter, ...again),
      detector,
      key,
      startedAt: this.#startedAt,
      lastAnomalyAt: this.#lastAnomalyAt,
      resolvedAt,
      severity: SEVERITIES[this.#rank] as Severity,
      anomalies: this.#anomalies,
      notified,
      peak: this.#peak,
    };
  }

  save(writer: StateWriter): void {
    writer.f64(this.#startedAt);
    writer.f64(this.#sameStart);
    writer.f64(this.#lastAnomalyAt);
    writer.f64(this.#anomalies);
    writer.bool(this.#peak !== null);
    if (this.#peak !== null) saveEvidence(writer, this.#peak);
  }

  load(reader: StateReader): void {
    this.#startedAt = reader.f64();
    this.#sameStart = reader.f64();
    this.#lastAnomalyAt = reader.f64();
    this.#anomalies = reader.f64();
    if (reader.bool()) this.#setPeak(loadEvidence(reader));
    this.#namedAfter = this.#startedAt;
  }

  /** Saves what {@link save} does not: its form is older. */
  saveName(writer: StateWriter): void {
    writer.f64(this.#namedAfter);
  }

  /** Restores what {@link saveName} wrote, after {@link load}. */
  loadName(reader: StateReader): void {
    this.#namedAfter = reader.f64();
  }

  #setPeak(evidence: Evidence): void {
    this.#peak = evidence;
    this.#rank = severityRank(true, evidence.anomalyScore, this.#levels);
  }
}
