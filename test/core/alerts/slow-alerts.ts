/**
 * The alert state machine in its plainest form, from the words of docs/pipeline.md: it walks through
 * time step by step, keeps every row and every message, and works everything out of them anew.
 *
 * @module
 */
import type { AlertConfig } from "../../../src/core/alerts/config.ts";

/** A scored row. */
export interface Row {
  readonly time: number;
  readonly anomalous: boolean;
  readonly score: number;
  readonly raw: number;
}

/** A message, as far as it can be told without ids. */
export interface Told {
  readonly at: number;
  readonly status: string;
  readonly severity: string;
  readonly previous: string | null;
  readonly suppressed: number;
  readonly started: number;
  readonly lastAnomaly: number;
  readonly resolved: number | null;
  readonly anomalies: number;
  readonly peak: Row;
}

/** An episode that has ended. */
export interface Ended {
  readonly started: number;
  readonly resolved: number;
  readonly severity: string;
  readonly anomalies: number;
  readonly notified: boolean;
}

const NAMES = ["info", "warning", "critical"];

/** All times are whole multiples of the step it is made with. */
export class SlowAlerts {
  readonly told: Told[] = [];
  readonly ended: Ended[] = [];
  readonly #config: AlertConfig;
  readonly #step: number;
  #now = 0;
  /** Scored rows since the last episode ended. */
  #rows: Row[] = [];
  /** Anomalous rows of the episode that is going on. */
  #episode: Row[] | null = null;
  /** Messages of it. */
  #own: Told[] = [];
  /** Repeats since the last scored row. */
  #unheard = 0;
  #withheld = 0;

  constructor(config: AlertConfig, step: number) {
    this.#config = config;
    this.#step = step;
  }

  /** Time goes on to `time`, if it is not there yet. */
  until(time: number): void {
    for (; this.#now < time; this.#now += this.#step) this.#look(this.#now + this.#step, null);
  }

  /** A scored row comes; perhaps one that is late, for what a clock has said before. */
  row(row: Row): void {
    this.until(row.time);
    this.#now = row.time;
    this.#rows.push(row);
    this.#unheard = 0;
    if (this.#episode !== null && row.anomalous) this.#episode.push(row);
    this.#look(row.time, row);
  }

  /** Does what is called for at this time; `row` is the one that has just come, if one has. */
  #look(now: number, row: Row | null): void {
    if (this.#episode === null) {
      const pending = this.#pending(now, row);
      if (pending === null) return;
      this.#episode = pending;
      this.#own = [];
      if (!this.#isQuiet(now)) this.#tell("firing", now);
      return;
    }
    if (this.#isOver(now, row)) this.#end(now);
    else this.#tellMore(now, row);
  }

  /** The anomalous rows of an episode that begins now. */
  #pending(now: number, row: Row | null): Row[] | null {
    const rule = this.#config.for;
    if (rule.kind === "rows") {
      const anomalous = this.#rows.slice(-rule.of).filter((r) => r.anomalous);
      return row?.anomalous && anomalous.length >= rule.need ? anomalous : null;
    }
    const lastNormal = this.#rows.findLastIndex((r) => !r.anomalous);
    const streak = this.#rows.slice(lastNormal + 1);
    const [first] = streak;
    return first !== undefined && now - first.time >= rule.ms ? streak : null;
  }

  #isOver(now: number, row: Row | null): boolean {
    const { resolveAfter } = this.#config;
    const normal = this.#normalSince();
    if (resolveAfter.kind === "rows") return row !== null && normal >= resolveAfter.rows;
    const last = this.#episode?.at(-1)?.time ?? 0;
    return normal > 0 && now - last >= resolveAfter.ms;
  }

  #tellMore(now: number, row: Row | null): void {
    const last = this.#own.at(-1);
    if (last === undefined) {
      const goesOn = row === null ? this.#normalSince() === 0 : row.anomalous;
      if (goesOn && !this.#isQuiet(now)) this.#tell("firing", now);
    } else if (this.#rank() > NAMES.indexOf(last.severity)) {
      this.#tell("escalated", now);
    } else if (this.#config.repeatMs !== null) {
      const pause = this.#config.repeatMs * 2 ** this.#unheard;
      if (now - last.at < pause) return;
      this.#tell("repeated", now);
      if (row === null) this.#unheard += 1;
    }
  }

  #end(now: number): void {
    const episode = this.#episode ?? [];
    const notified = this.#own.length > 0;
    if (!notified) this.#withheld += 1;
    else if (this.#config.sendResolved) this.#tell("resolved", now);
    this.ended.push({
      started: episode[0]?.time ?? Number.NaN,
      resolved: now,
      severity: NAMES[this.#rank()] ?? "",
      anomalies: episode.length,
      notified,
    });
    this.#episode = null;
    this.#rows = [];
  }

  #tell(status: string, now: number): void {
    const episode = this.#episode ?? [];
    const message: Told = {
      at: now,
      status,
      severity: NAMES[this.#rank()] ?? "",
      previous: this.#own.at(-1)?.severity ?? null,
      suppressed: this.#withheld,
      started: episode[0]?.time ?? Number.NaN,
      lastAnomaly: episode.at(-1)?.time ?? Number.NaN,
      resolved: status === "resolved" ? now : null,
      anomalies: episode.length,
      peak: this.#peak(),
    };
    this.#withheld = 0;
    this.#own.push(message);
    this.told.push(message);
  }

  /** Whether an episode as severe as this one is not to be told now. */
  #isQuiet(now: number): boolean {
    const last = this.told.filter(({ status }) => status !== "resolved").at(-1);
    if (last === undefined || this.#config.cooldownMs === 0) return false;
    return (
      now - last.at < (this.#config.cooldownMs ?? 0) && this.#rank() <= NAMES.indexOf(last.severity)
    );
  }

  /** Normal rows since the last anomalous one. */
  #normalSince(): number {
    return this.#rows.length - 1 - this.#rows.findLastIndex((r) => r.anomalous);
  }

  /** The first of the worst rows. */
  #peak(): Row {
    const [worst] = [...(this.#episode ?? [])].sort((a, b) => b.score - a.score || b.raw - a.raw);
    if (worst === undefined) throw new RangeError("There is no open episode");
    return worst;
  }

  #rank(): number {
    const { warning, critical } = this.#config.severity;
    const { score } = this.#peak();
    return score > critical ? 2 : Number(score > warning);
  }
}
