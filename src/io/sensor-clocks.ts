import type { SequencedBatch } from "../core/batch.ts";
import type { TimeNotice } from "../engine/time/time-notice.ts";
import type { OpsEvent } from "./messages/message-fields.ts";
import { clockText, type TimeReject, timeReject } from "./time-rejects.ts";

const EVENT = "clock_ahead";

/** Believed readings in a row that end an episode. */
const ENOUGH = 12;

/** All sensors that log local time repeat the same hour; it is reported once. */
const SAME_HOUR_MS = 3 * 3_600_000;

/** Sensors that are ahead, by name, so that the next start can resolve them. */
export interface OpenClocks {
  readonly all: ReadonlyMap<string, { readonly sinceMs: number }>;
  set(name: string, event: { readonly subject: string; readonly sinceMs: number }): void;
  delete(name: string): void;
  /** Writes changes to disk, synchronously. */
  save(): void;
}

/** Of which pipeline the sensors are, and where messages about their clocks go. */
export interface SensorClocksSetup {
  /** Name of the pipeline. */
  readonly pipeline: string;
  /** Sensors of all pipelines that were ahead at the end of the last run; updated. */
  readonly stored: OpenClocks;
  send(event: OpsEvent): void;
}

/** A sensor whose readings are too far ahead. */
interface Episode {
  readonly sinceMs: number;
  /** Rejected readings of this session. */
  rejected: number;
  /** Readings since the last one that was too far ahead. */
  believed: number;
  /** Row of that one if it is of the current call; else 0. */
  after: number;
  /** Whether the sensor runs ahead of all others, with times that are believed. */
  leads: boolean;
}

/**
 * Sends operational messages about the clocks of sensors: when readings of one are too far ahead, when they no
 * longer are, and when its clock was set.
 */
export class SensorClocks {
  readonly #setup: SensorClocksSetup;
  readonly #open = new Map<string, Episode>();
  /** The same by key code, for as many sensors as were known then; empty: outdated. */
  #byKey: (Episode | undefined)[] = [];
  #repeatedHour = Number.NEGATIVE_INFINITY;

  constructor(setup: SensorClocksSetup) {
    this.#setup = setup;
    const prefix = this.#nameOf("");
    for (const [name, { sinceMs }] of setup.stored.all) {
      if (name.startsWith(prefix)) this.#add(name.slice(prefix.length), sinceMs);
    }
  }

  /**
   * A reading was rejected because its time is too far ahead of its arrival.
   *
   * @param atMs Time of arrival, ms since epoch.
   */
  refused(sensor: string, detail: string, atMs: number): void {
    const episode = this.#begin(sensor, `${detail}: rejected`, atMs);
    episode.rejected += 1;
    episode.believed = 0;
  }

  /**
   * Takes what was found about the time of a reading.
   *
   * @param input Name of the input that the user gave.
   * @returns The reject if the reading is not used.
   */
  notice(notice: TimeNotice, sensor: string, input: string): TimeReject | null {
    const { kind, timestamp, known } = notice;
    const reject = timeReject(notice, sensor, input);
    if (reject !== null) {
      this.refused(sensor, reject.detail, known);
      const episode = this.#open.get(sensor);
      if (episode !== undefined) episode.after = reject.row;
    } else if (kind === "leads") {
      const detail = `${clockText(notice, sensor)}; its readings are used, and do not move the time of other sensors`;
      this.#begin(sensor, detail, known).leads = true;
    } else if (kind === "follows") this.#end(sensor, timestamp);
    else if (kind === "clock_set") {
      this.#end(sensor, timestamp);
      this.#step(notice, sensor);
    } else if (kind === "hour_repeated") {
      if (Math.abs(timestamp - this.#repeatedHour) > SAME_HOUR_MS) this.#step(notice, sensor);
      this.#repeatedHour = timestamp;
    }
    return reject;
  }

  /** Counts the believed readings of sensors that were ahead. @param sensors Names by key code. */
  rows(rows: SequencedBatch, sensors: readonly string[]): void {
    if (this.#open.size === 0) return;
    for (let row = 0; row < rows.length; row++) {
      if (this.#byKey.length !== sensors.length) {
        this.#byKey = sensors.map((sensor) => this.#open.get(sensor));
      }
      const key = rows.keys[row] as number;
      const episode = this.#byKey[key];
      if (episode === undefined || episode.leads) continue;
      if ((rows.rows[row] as number) <= episode.after) continue;
      episode.believed += 1;
      if (episode.believed < ENOUGH) continue;
      this.#end(sensors[key] as string, rows.eventTimes[row] as number);
    }
    for (const episode of this.#open.values()) episode.after = 0;
  }

  #begin(sensor: string, detail: string, atMs: number): Episode {
    const known = this.#open.get(sensor);
    if (known !== undefined) return known;
    const { stored } = this.#setup;
    const episode = this.#add(sensor, atMs);
    stored.set(this.#nameOf(sensor), { subject: sensor, sinceMs: atMs });
    stored.save();
    this.#send(EVENT, sensor, "firing", detail, atMs, atMs);
    return episode;
  }

  #add(sensor: string, sinceMs: number): Episode {
    const episode = { sinceMs, rejected: 0, believed: 0, after: 0, leads: false };
    this.#open.set(sensor, episode);
    this.#byKey = [];
    return episode;
  }

  #end(sensor: string, atMs: number): void {
    const episode = this.#open.get(sensor);
    if (episode === undefined) return;
    this.#open.delete(sensor);
    this.#byKey = [];
    const { stored } = this.#setup;
    stored.delete(this.#nameOf(sensor));
    stored.save();
    const { sinceMs, rejected } = episode;
    // the arrival of a rejected reading may be later than the readings that follow it
    const resolvedMs = Math.max(atMs, sinceMs);
    const were = rejected === 0 ? "" : `; ${rejected} ${rejected === 1 ? "was" : "were"} rejected`;
    const detail = `the times of its readings are no longer ahead${were}`;
    this.#send(EVENT, sensor, "resolved", detail, resolvedMs, sinceMs);
  }

  #step(notice: TimeNotice, sensor: string): void {
    const { timestamp } = notice;
    const detail = clockText(notice, sensor) ?? "";
    this.#send("clock_step", sensor, "firing", detail, timestamp, timestamp);
  }

  #send(
    event: string,
    subject: string,
    status: "firing" | "resolved",
    detail: string,
    atMs: number,
    startedMs: number,
  ): void {
    const { pipeline, send } = this.#setup;
    send({ pipeline, event, subject, status, severity: "warning", detail, atMs, startedMs });
  }

  #nameOf(sensor: string): string {
    return `${this.#setup.pipeline}\n${sensor}`;
  }
}
