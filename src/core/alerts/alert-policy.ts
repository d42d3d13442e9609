import type { StateReader, StateWriter } from "../state-codec.ts";
import type {
  AlertEvent,
  AlertListener,
  AlertStatus,
  AlertSubject,
  Episode,
  Evidence,
} from "./alert-event.ts";
import type { AlertConfig } from "./config.ts";
import { OpenEpisode } from "./episode/open-episode.ts";
import { PendingWindow } from "./episode/pending-window.ts";
import { hashId } from "./hash-id.ts";
import { SEVERITIES, type Severity } from "./severity.ts";

const NOT_SENT = -1;
/** Limits of a cooldown that follows the interval of readings, ms, and its length in readings. */
const SHORTEST_COOLDOWN = 60_000;
const LONGEST_COOLDOWN = 3_600_000;
const COOLDOWN_READINGS = 60;
/** Nats by which an anomaly must be rarer than those with messages to end such a cooldown. */
const RARER = 1;

/**
 * The alert state machine of one detector and key, on event time: ok, pending (`for`), firing until
 * enough normal readings arrive (`resolve_after`), ok.
 *
 * After a message, the cooldown suppresses new episodes that are not more severe than the last message, nor, if its length
 * follows the readings, rarer.
 * An episode that outlasts the cooldown sends its message then, even without a reading. Unscored readings
 * change nothing: missing data never resolves an episode.
 *
 * Without scored readings, each repeat waits twice as long as the previous one, so a year of silence
 * causes few messages. The next reading sends an overdue repeat.
 *
 * O(1) per row on average; allocates nothing while readings are normal.
 */
export class AlertPolicy {
  readonly #config: AlertConfig;
  readonly #pending: PendingWindow;
  readonly #episode: OpenEpisode;
  #version = 0;
  #normalRows = 0; // since the last anomaly of the episode
  /** Rank in the episode's last message; {@link NOT_SENT} while it has none. */
  #sentRank = NOT_SENT;
  #messages = 0;
  /** Time and rank of the last message about any episode. */
  #lastSentAt = Number.NEGATIVE_INFINITY;
  #lastSentRank = NOT_SENT;
  #suppressed = 0;
  #silentRepeats = 0; // repeats since the last reading
  #cooldownMs: number;
  /** Rarity of the rarest anomaly with a message since the last quiet time, nats; NaN: unknown. */
  #sentRarity = Number.NaN;

  constructor(config: AlertConfig, subject: AlertSubject) {
    this.#config = config;
    this.#cooldownMs = config.cooldownMs ?? LONGEST_COOLDOWN;
    this.#pending = new PendingWindow(config.for);
    this.#episode = new OpenEpisode(subject, config.severity);
  }

  /** Grows with every change of the state; saved with it. */
  get version(): number {
    return this.#version;
  }

  /** The next event time at which {@link tick} is due, ms; NaN: none. */
  get deadline(): number {
    if (!this.#episode.active) return this.#pending.deadline;
    const next = Math.min(this.#resolveDeadline(), this.#messageDeadline());
    return next === Number.POSITIVE_INFINITY ? Number.NaN : next;
  }

  /** The current episode; null if there is none. */
  get open(): Episode | null {
    return this.#episode.describe(Number.NaN, this.#sentRank !== NOT_SENT);
  }

  /** Whether there is a current episode. */
  get isActive(): boolean {
    return this.#episode.active;
  }

  /** The interval between readings is now `ms`: a cooldown without a length of its own follows it. */
  follow(ms: number): void {
    if (this.#config.cooldownMs !== null) return;
    const length = Math.min(LONGEST_COOLDOWN, Math.max(SHORTEST_COOLDOWN, COOLDOWN_READINGS * ms));
    if (length === this.#cooldownMs) return;
    this.#version += 1;
    this.#cooldownMs = length;
  }

  /** When the current episode began, or had its last message if that is later, ms; -Infinity without one. */
  get newest(): number {
    if (!this.#episode.active) return Number.NEGATIVE_INFINITY;
    const { startedAt } = this.#episode;
    return this.#sentRank === NOT_SENT ? startedAt : Math.max(startedAt, this.#lastSentAt);
  }

  /** The clock of the key was set: moves all times by `ms`. Ids of episodes do not change. */
  shift(ms: number): void {
    this.#version += 1;
    this.#pending.shift(ms);
    this.#episode.shift(ms);
    this.#lastSentAt += ms;
  }

  /**
   * Takes a scored row that is not anomalous.
   *
   * @param rows Normal rows up to it that were not passed on before, itself included.
   */
  normal(timestamp: number, listener: AlertListener, rows = 1): void {
    this.#version += 1;
    if (!this.#episode.active) {
      this.#pending.push(timestamp, null);
      return;
    }
    this.#normalRows += rows;
    const { resolveAfter } = this.#config;
    const done =
      resolveAfter.kind === "rows"
        ? this.#normalRows >= resolveAfter.rows
        : timestamp >= this.#resolveDeadline();
    if (done) this.#resolve(timestamp, listener);
    else this.#endSilence(timestamp, listener);
  }

  /**
   * Takes a scored row that is not anomalous while the current episode goes on.
   *
   * @param lasts Whether the row is a sign of that, so that the episode lasts up to it.
   */
  goesOn(timestamp: number, lasts: boolean, listener: AlertListener): void {
    this.#version += 1;
    if (lasts) this.#episode.lasted(timestamp);
    this.#endSilence(timestamp, listener);
  }

  /** Whether {@link anomalous} needs the evidence of a row with these scores. */
  needsEvidence(anomalyScore: number, rawScore: number): boolean {
    return this.#episode.isPeak(anomalyScore, rawScore);
  }

  /**
   * Takes an anomalous row.
   *
   * @param since When the anomaly began that it belongs to, ms: a new episode starts there. Default: with the row.
   * @param evidence Evidence of this row; null if {@link needsEvidence} is false.
   */
  anomalous(
    timestamp: number,
    evidence: Evidence | null,
    listener: AlertListener,
    since = timestamp,
  ): void {
    this.#version += 1;
    if (this.#episode.active) {
      this.#episode.add(timestamp, evidence);
      this.#normalRows = 0;
      this.#notify(timestamp, listener);
      this.#endSilence(timestamp, listener);
    } else if (this.#pending.push(timestamp, evidence, since)) {
      this.#fire(timestamp, listener);
    }
  }

  /** Extends the anomaly of the episode to `timestamp` without a reading. */
  lasted(timestamp: number): void {
    this.#version += 1;
    this.#episode.lasted(timestamp);
  }

  /** Performs the action that is due at {@link deadline}. */
  tick(deadline: number, listener: AlertListener): void {
    this.#version += 1;
    if (!this.#episode.active) this.#fire(deadline, listener);
    else if (this.#resolveDeadline() <= deadline) this.#resolve(deadline, listener);
    else if (this.#sentRank === NOT_SENT) this.#send("firing", deadline, listener);
    else {
      this.#send("repeated", deadline, listener);
      this.#silentRepeats += 1;
    }
  }

  save(writer: StateWriter): void {
    this.#pending.save(writer);
    this.#episode.save(writer);
    writer.f64(this.#version);
    writer.f64(this.#normalRows);
    writer.f64(this.#sentRank);
    writer.f64(this.#messages);
    writer.f64(this.#lastSentAt);
    writer.f64(this.#lastSentRank);
    writer.f64(this.#suppressed);
    writer.f64(this.#silentRepeats);
    this.#episode.saveName(writer);
    writer.f64(this.#cooldownMs);
    writer.f64(this.#sentRarity);
  }

  load(reader: StateReader): void {
    this.#pending.load(reader);
    this.#episode.load(reader);
    this.#version = reader.f64();
    this.#normalRows = reader.f64();
    this.#sentRank = reader.f64();
    this.#messages = reader.f64();
    this.#lastSentAt = reader.f64();
    this.#lastSentRank = reader.f64();
    this.#suppressed = reader.f64();
    this.#silentRepeats = reader.f64();
    if (reader.remaining > 0) this.#episode.loadName(reader);
    if (reader.remaining === 0) return;
    const cooldownMs = reader.f64();
    if (this.#config.cooldownMs === null) this.#cooldownMs = cooldownMs;
    this.#sentRarity = reader.f64();
  }

  /** When time resolves the episode, ms; Infinity: not before the next normal reading. */
  #resolveDeadline(): number {
    const { resolveAfter } = this.#config;
    return resolveAfter.kind === "duration" && this.#normalRows > 0
      ? this.#episode.lastAnomalyAt + resolveAfter.ms
      : Number.POSITIVE_INFINITY;
  }

  /** When a message is due without a reading, ms; Infinity: never. */
  #messageDeadline(): number {
    const { repeatMs } = this.#config;
    if (this.#sentRank === NOT_SENT) {
      // an episode that may be over waits for its next anomaly
      const lasts = this.#normalRows === 0;
      return lasts ? this.#lastSentAt + this.#cooldownMs : Number.POSITIVE_INFINITY;
    }
    if (repeatMs === null) return Number.POSITIVE_INFINITY;
    return this.#lastSentAt + repeatMs * 2 ** this.#silentRepeats;
  }

  /** Resets the interval between repeats after a reading, and sends an overdue repeat. */
  #endSilence(timestamp: number, listener: AlertListener): void {
    if (this.#silentRepeats === 0) return;
    this.#silentRepeats = 0;
    if (timestamp >= this.#messageDeadline()) this.#send("repeated", timestamp, listener);
  }

  #fire(timestamp: number, listener: AlertListener): void {
    this.#episode.start(this.#pending);
    this.#pending.clear();
    this.#notify(timestamp, listener);
  }

  /** Sends the first message of a firing episode, or an escalation. */
  #notify(timestamp: number, listener: AlertListener): void {
    const { rank } = this.#episode;
    if (this.#sentRank !== NOT_SENT) {
      if (rank > this.#sentRank) this.#send("escalated", timestamp, listener);
      return;
    }
    if (!this.#isQuiet(timestamp) || rank > this.#lastSentRank || this.#isRarer()) {
      this.#send("firing", timestamp, listener);
    }
  }

  #isQuiet(timestamp: number): boolean {
    // without a cooldown nothing is suppressed, even if a late reading follows a deadline's message
    return this.#cooldownMs > 0 && timestamp < this.#lastSentAt + this.#cooldownMs;
  }

  /** Whether the current episode ends a cooldown that follows the readings. */
  #isRarer(): boolean {
    return this.#config.cooldownMs === null && this.#episode.rarity >= this.#sentRarity + RARER;
  }

  #resolve(timestamp: number, listener: AlertListener): void {
    const notified = this.#sentRank !== NOT_SENT;
    const episode = this.#describe(timestamp, notified);
    if (!notified) this.#suppressed += 1;
    else if (this.#config.sendResolved) {
      listener.event(this.#event("resolved", timestamp, episode, this.#sentRank));
    }
    listener.episode(episode);
    this.#episode.end();
    this.#normalRows = 0;
    this.#sentRank = NOT_SENT;
    this.#messages = 0;
    this.#silentRepeats = 0;
  }

  #send(status: AlertStatus, timestamp: number, listener: AlertListener): void {
    const { rank } = this.#episode;
    const previousRank = this.#sentRank;
    const { rarity } = this.#episode;
    const isLess = this.#isQuiet(timestamp) && rarity < this.#sentRarity;
    if (!isLess) this.#sentRarity = rarity;
    this.#sentRank = rank;
    this.#lastSentRank = rank;
    this.#lastSentAt = timestamp;
    const episode = this.#describe(Number.NaN, true);
    listener.event(this.#event(status, timestamp, episode, previousRank));
    this.#suppressed = 0;
  }

  #event(
    status: AlertStatus,
    timestamp: number,
    episode: Episode,
    previousRank: number,
  ): AlertEvent {
    this.#messages += 1;
    return {
      id: hashId(episode.id, status, this.#messages),
      status,
      timestamp,
      severity: episode.severity,
      previousSeverity: previousRank === NOT_SENT ? null : (SEVERITIES[previousRank] as Severity),
      suppressed: this.#suppressed,
      episode,
    };
  }

  #describe(resolvedAt: number, notified: boolean): Episode {
    const episode = this.#episode.describe(resolvedAt, notified);
    if (episode === null) throw new RangeError("There is no open episode");
    return episode;
  }
}
