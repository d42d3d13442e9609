import type { StateReader, StateWriter } from "../../state-codec.ts";
import type { Evidence } from "../alert-event.ts";
import type { Persistence } from "../config.ts";
import { loadEvidence, saveEvidence } from "./evidence-codec.ts";

/** An anomalous row that is, or may become, the worst counted row. */
interface Candidate {
  /** Its index in the ring, which determines when it stops counting. */
  readonly slot: number;
  readonly evidence: Evidence;
}

/**
 * Decides when an anomaly has lasted long enough to be an episode: at once, for `need` of the last
 * `of` scored rows, or for a time in which every scored row was anomalous. Keeps the worst counted
 * row.
 *
 * O(1) per row on average.
 */
export class PendingWindow {
  readonly #rule: Persistence;
  /** Event time of the anomalous rows among the last `of`; NaN for normal ones. A ring. */
  readonly #times: Float64Array;
  #next = 0;
  #anomalies = 0;
  #since = Number.NaN;
  #last = Number.NaN;
  /** In order of arrival; each is worse than, or as bad as, all that came after it. */
  #worst: Candidate[] = [];

  constructor(rule: Persistence) {
    this.#rule = rule;
    this.#times = new Float64Array(rule.kind === "rows" ? rule.of : 0).fill(Number.NaN);
  }

  /** Event time of the oldest anomalous row that counts, ms; NaN when none does. O(`of`). */
  get since(): number {
    if (this.#rule.kind === "duration") return this.#since;
    const times = this.#times;
    for (let i = 0; i < times.length; i++) {
      const time = times[(this.#next + i) % times.length] as number;
      if (!Number.isNaN(time)) return time;
    }
    return Number.NaN;
  }

  /** Event time of the newest anomalous row that counts, ms; NaN when none does. */
  get last(): number {
    return this.#anomalies === 0 ? Number.NaN : this.#last;
  }

  /** Anomalous rows that count. */
  get anomalies(): number {
    return this.#anomalies;
  }

  /** The worst row that counts, the first of equals; null when none does. */
  get peak(): Evidence | null {
    return this.#worst[0]?.evidence ?? null;
  }

  /** When the rule is met without further rows, ms; NaN: never. */
  get deadline(): number {
    return this.#rule.kind === "duration" ? this.#since + this.#rule.ms : Number.NaN;
  }

  /**
   * Takes a scored row.
   *
   * @param evidence Null for a normal row.
   * @param since When the anomaly began that the row belongs to, ms.
   * @returns Whether the rule is met with it.
   */
  push(timestamp: number, evidence: Evidence | null, since = timestamp): boolean {
    if (this.#rule.kind === "duration") return this.#pushByTime(timestamp, evidence, this.#rule.ms);
    const slot = this.#next;
    this.#next = slot + 1 === this.#times.length ? 0 : slot + 1;
    if (!Number.isNaN(this.#times[slot] as number)) this.#anomalies -= 1;
    if (this.#worst[0]?.slot === slot) this.#worst.shift();
    this.#times[slot] = evidence === null ? Number.NaN : since;
    if (evidence === null) return false;
    this.#last = timestamp;
    this.#anomalies += 1;
    this.#dropBelow(evidence);
    this.#worst.push({ slot, evidence });
    return this.#anomalies >= this.#rule.need;
  }

  /** Forgets all rows. */
  clear(): void {
    this.#times.fill(Number.NaN);
    this.#anomalies = 0;
    this.#since = Number.NaN;
    this.#last = Number.NaN;
    this.#worst = [];
  }

  /** The clock was set: moves all times by `ms`. */
  shift(ms: number): void {
    for (let i = 0; i < this.#times.length; i++) this.#times[i] = (this.#times[i] as number) + ms;
    this.#since += ms;
    this.#last += ms;
    this.#worst = this.#worst.map(({ slot, evidence }) => ({
      slot,
      evidence: shifted(evidence, ms),
    }));
  }

  save(writer: StateWriter): void {
    writer.u32(this.#next);
    writer.f64(this.#anomalies);
    writer.f64(this.#since);
    writer.f64(this.#last);
    writer.f64s(this.#times);
    writer.u32(this.#worst.length);
    for (const { slot, evidence } of this.#worst) {
      writer.u32(slot);
      saveEvidence(writer, evidence);
    }
  }

  load(reader: StateReader): void {
    this.#next = reader.u32();
    this.#anomalies = reader.f64();
    this.#since = reader.f64();
    this.#last = reader.f64();
    reader.f64s(this.#times);
    const worst: Candidate[] = [];
    for (let left = reader.u32(); left > 0; left--) {
      worst.push({ slot: reader.u32(), evidence: loadEvidence(reader) });
    }
    this.#worst = worst;
  }

  #pushByTime(timestamp: number, evidence: Evidence | null, ms: number): boolean {
    if (evidence === null) {
      this.clear();
      return false;
    }
    if (this.#anomalies === 0) this.#since = timestamp;
    this.#last = timestamp;
    this.#anomalies += 1;
    this.#dropBelow(evidence);
    // all rows stop counting at once, so a row that is not the worst now never will be
    if (this.#worst.length === 0) this.#worst.push({ slot: 0, evidence });
    return ms === 0;
  }

  #dropBelow(evidence: Evidence): void {
    const worst = this.#worst;
    const { anomalyScore, rawScore } = evidence;
    for (let last = worst.at(-1); last; last = worst.at(-1)) {
      if (!isWorse(anomalyScore, rawScore, last.evidence)) return;
      worst.pop();
    }
  }
}

/** Evidence of a row whose time is `ms` later. */
export function shifted(evidence: Evidence, ms: number): Evidence {
  return { ...evidence, timestamp: evidence.timestamp + ms };
}

/** Whether a row with these scores is worse than another one; false if they are equal. */
export function isWorse(anomalyScore: number, rawScore: number, than: Evidence): boolean {
  const more = anomalyScore - than.anomalyScore;
  const moreRaw = rawScore - than.rawScore;
  return more > 0 || (more === 0 && moreRaw > 0);
}
