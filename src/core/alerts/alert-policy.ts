import type { StateReader, StateWriter } from "../state-codec.ts";
import type { AlertEvent, AlertSink, AlertStatus, Episode, Evidence } from "./alert-event.ts";
import type { AlertConfig } from "./config.ts";
import { loadEvidence, saveEvidence } from "./evidence-codec.ts";
import { hashId } from "./hash-id.ts";
import { PendingWindow } from "./persistence.ts";
import { SEVERITIES, type Severity, severityRank } from "./severity.ts";

/** What an alert policy belongs to; goes into its messages and ids. */
export interface AlertSubject {
  readonly pipeline: string;
  readonly detectorName: string;
  readonly detector: number;
  readonly keyName: string;
  readonly key: number;
}

const NOT_SENT = -1;

/**
 * The alert state machine of one detector and key, on event time: ok, pending (`for`), firing until
 * enough normal readings have come (`resolve_after`), ok.
 *
 * After a message, new episodes are withheld for the cooldown unless they are more severe than what
 * was told last; an episode that outlasts the cooldown is told then. Readings that were not scored
 * change nothing: missing data never resolves an episode.
 *
 * O(1) a row, and nothing is allocated while readings are normal.
 */
export class AlertPolicy {
  readonly #config: AlertConfig;
  readonly #subject: AlertSubject;
  readonly #pending: PendingWindow;
  #firing = false;
  #startedAt = Number.NaN;
  #lastAnomalyAt = Number.NaN;
  #anomalies = 0;
  #normalRows = 0; // since the last anomaly
  #rank = 0; // highest of the episode
  #peak: Evidence | null = null;
  /** Rank in the episode's last message; {@link NOT_SENT} while it has none. */
  #sentRank = NOT_SENT;
  #messages = 0;
  /** Of the last message about any episode: when, and how severe. */
  #lastSentAt = Number.NEGATIVE_INFINITY;
  #lastSentRank = NOT_SENT;
  #suppressed = 0;

  constructor(config: AlertConfig, subject: AlertSubject) {
    this.#config = config;
    this.#subject = subject;
    this.#pending = new PendingWindow(config.for);
  }

  /** The next event time at which something happens without a reading, ms; NaN: none. */
  get deadline(): number {
    if (!this.#firing) return this.#pending.deadline;
    const { resolveAfter, repeatMs } = this.#config;
    // without a normal reading since, time alone resolves nothing
    const resolve =
      resolveAfter.kind === "duration" && this.#normalRows > 0
        ? this.#lastAnomalyAt + resolveAfter.ms
        : Number.POSITIVE_INFINITY;
    const repeat =
      repeatMs !== null && this.#sentRank !== NOT_SENT
        ? this.#lastSentAt + repeatMs
        : Number.POSITIVE_INFINITY;
    const next = Math.min(resolve, repeat);
    return next === Number.POSITIVE_INFINITY ? Number.NaN : next;
  }

  /** Takes a scored row that is not anomalous. */
  normal(timestamp: number, sink: AlertSink): void {
    if (!this.#firing) {
      this.#pending.push(timestamp, false);
      if (this.#peak !== null && Number.isNaN(this.#pending.since)) this.#forget();
      return;
    }
    this.#normalRows += 1;
    const { resolveAfter } = this.#config;
    const done =
      resolveAfter.kind === "rows"
        ? this.#normalRows >= resolveAfter.rows
        : timestamp >= this.#lastAnomalyAt + resolveAfter.ms;
    if (done) this.#resolve(timestamp, sink);
  }

  /** Whether a row with these scores is the worst so far, so that {@link anomalous} needs its evidence. */
  isPeak(anomalyScore: number, rawScore: number): boolean {
    const peak = this.#peak;
    if (peak === null || anomalyScore > peak.anomalyScore) return true;
    return anomalyScore === peak.anomalyScore && rawScore > peak.rawScore;
  }

  /**
   * Takes an anomalous row.
   *
   * @param evidence Of this row if it {@link isPeak}, else null.
   */
  anomalous(timestamp: number, evidence: Evidence | null, sink: AlertSink): void {
    if (evidence !== null) {
      this.#peak = evidence;
      this.#rank = severityRank(evidence.anomalyScore, this.#config.severity);
    }
    this.#anomalies += 1;
    this.#lastAnomalyAt = timestamp;
    this.#normalRows = 0;
    if (this.#firing) {
      this.#notify(timestamp, sink);
    } else if (this.#pending.push(timestamp, true)) {
      this.#fire(timestamp, sink);
    }
  }

  /** Does what was due at {@link deadline}. */
  tick(deadline: number, sink: AlertSink): void {
    if (!this.#firing) {
      this.#fire(deadline, sink);
    } else if (
      this.#config.resolveAfter.kind === "duration" &&
      this.#normalRows > 0 &&
      this.#lastAnomalyAt + this.#config.resolveAfter.ms <= deadline
    ) {
      this.#resolve(deadline, sink);
    } else {
      this.#send("repeated", deadline, sink);
    }
  }

  /** The episode that is going on; null when there is none. */
  get open(): Episode | null {
    return this.#firing ? this.#episode(Number.NaN) : null;
  }

  save(writer: StateWriter): void {
    this.#pending.save(writer);
    writer.bool(this.#firing);
    for (const number of [
      this.#startedAt,
      this.#lastAnomalyAt,
      this.#anomalies,
      this.#normalRows,
      this.#rank,
      this.#sentRank,
      this.#messages,
      this.#lastSentAt,
      this.#lastSentRank,
      this.#suppressed,
    ]) {
      writer.f64(number);
    }
    writer.bool(this.#peak !== null);
    if (this.#peak !== null) saveEvidence(writer, this.#peak);
  }

  load(reader: StateReader): void {
    this.#pending.load(reader);
    this.#firing = reader.bool();
    this.#startedAt = reader.f64();
    this.#lastAnomalyAt = reader.f64();
    this.#anomalies = reader.f64();
    this.#normalRows = reader.f64();
    this.#rank = reader.f64();
    this.#sentRank = reader.f64();
    this.#messages = reader.f64();
    this.#lastSentAt = reader.f64();
    this.#lastSentRank = reader.f64();
    this.#suppressed = reader.f64();
    this.#peak = reader.bool() ? loadEvidence(reader) : null;
  }

  #fire(timestamp: number, sink: AlertSink): void {
    this.#firing = true;
    this.#startedAt = this.#pending.since;
    this.#pending.clear();
    this.#notify(timestamp, sink);
  }

  /** Sends what an anomaly of a firing episode calls for: its first message, or a worse one. */
  #notify(timestamp: number, sink: AlertSink): void {
    if (this.#sentRank !== NOT_SENT) {
      if (this.#rank > this.#sentRank) this.#send("escalated", timestamp, sink);
      return;
    }
    const quiet = timestamp < this.#lastSentAt + this.#config.cooldownMs;
    if (!quiet || this.#rank > this.#lastSentRank) this.#send("firing", timestamp, sink);
  }

  #resolve(timestamp: number, sink: AlertSink): void {
    const episode = this.#episode(timestamp);
    if (this.#sentRank === NOT_SENT) this.#suppressed += 1;
    else if (this.#config.sendResolved) sink.message(this.#message("resolved", timestamp, episode));
    sink.episode(episode);
    this.#forget();
  }

  #send(status: AlertStatus, timestamp: number, sink: AlertSink): void {
    const previousRank = this.#sentRank;
    this.#sentRank = this.#rank;
    this.#lastSentRank = this.#rank;
    this.#lastSentAt = timestamp;
    const event = this.#message(status, timestamp, this.#episode(Number.NaN), previousRank);
    this.#suppressed = 0;
    sink.message(event);
  }

  #message(
    status: AlertStatus,
    timestamp: number,
    episode: Episode,
    previousRank = this.#sentRank,
  ): AlertEvent {
    this.#messages += 1;
    return {
      id: hashId(episode.id, status, this.#messages),
      status,
      timestamp,
      severity: episode.severity,
      previousSeverity: previousRank === NOT_SENT ? null : severityName(previousRank),
      suppressed: this.#suppressed,
      episode,
    };
  }

  #episode(resolvedAt: number): Episode {
    const { pipeline, detectorName, detector, keyName, key } = this.#subject;
    if (this.#peak === null) throw new RangeError("An episode without a reading");
    return {
      id: hashId(pipeline, detectorName, keyName, this.#startedAt),
      detector,
      key,
      startedAt: this.#startedAt,
      lastAnomalyAt: this.#lastAnomalyAt,
      resolvedAt,
      severity: severityName(this.#rank),
      anomalies: this.#anomalies,
      notified: this.#sentRank !== NOT_SENT,
      peak: this.#peak,
    };
  }

  #forget(): void {
    this.#firing = false;
    this.#startedAt = Number.NaN;
    this.#lastAnomalyAt = Number.NaN;
    this.#anomalies = 0;
    this.#normalRows = 0;
    this.#rank = 0;
    this.#peak = null;
    this.#sentRank = NOT_SENT;
    this.#messages = 0;
  }
}

function severityName(rank: number): Severity {
  return SEVERITIES[rank] as Severity;
}
