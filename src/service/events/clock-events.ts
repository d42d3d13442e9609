import type { SequencedBatch } from "../../core/batch.ts";
import type { TimeNotice } from "../../engine/time/time-notice.ts";
import type { OpsEvent } from "../../io/messages/message-fields.ts";
import { aheadText, clockText, type TimeReject, timeReject } from "../../io/time-rejects.ts";
import type { StateListener } from "../commands.ts";
import type { ScoredRows } from "../effects.ts";
import type { HostedBuffer } from "../registry.ts";

const EVENT = "clock_ahead";

/** Believed readings in a row that end an episode. */
const ENOUGH = 12;

/** Takes what is found about clocks. */
export interface ClockTarget {
  /** A message for the sinks of a pipeline. */
  ops(event: OpsEvent, hosted: HostedBuffer): void;
  /** A reading is not used. */
  rejected?(reject: TimeReject): void;
}

/** Sensors that are ahead, by pipeline and sensor, so that the next start can resolve them. */
export interface OpenClocks {
  readonly all: ReadonlyMap<string, { readonly sinceMs: number }>;
  set(name: string, event: { readonly subject: string; readonly sinceMs: number }): void;
  delete(name: string): void;
  /** Writes changes to disk, synchronously. */
  save(): void;
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
export class ClockEvents implements StateListener {
  readonly #target: ClockTarget;
  readonly #stored: OpenClocks;
  readonly #open = new Map<string, Episode>();

  /** @param stored Sensors that were ahead at the end of the last run; updated. */
  constructor(target: ClockTarget, stored: OpenClocks) {
    this.#target = target;
    this.#stored = stored;
    for (const [name, { sinceMs }] of stored.all) {
      this.#open.set(name, { sinceMs, rejected: 0, believed: 0, after: 0, leads: false });
    }
  }

  rows(hosted: HostedBuffer, { batch, read, times }: ScoredRows): void {
    const { pipeline } = hosted;
    for (const { sensor, timestamp, arrivalMs } of read.ahead) {
      this.refused(
        hosted,
        sensor,
        `${aheadText(timestamp, arrivalMs)}, when it arrived`,
        arrivalMs,
      );
    }
    for (const notice of times) {
      const sensor = pipeline.keys.name(notice.key);
      const input = pipeline.sources.names[notice.source] ?? "";
      this.#take(hosted, notice, sensor, input);
    }
    if (this.#open.size > 0) this.#count(hosted, batch, pipeline.keys.names);
  }

  /**
   * A reading was rejected because its time is too far ahead of its arrival.
   *
   * @param atMs Time of arrival, ms since epoch.
   */
  refused(hosted: HostedBuffer, sensor: string, detail: string, atMs: number): void {
    const episode = this.#begin(hosted, sensor, `${detail}: rejected`, atMs);
    episode.rejected += 1;
    episode.believed = 0;
  }

  #take(hosted: HostedBuffer, notice: TimeNotice, sensor: string, input: string): void {
    const { kind, timestamp, known } = notice;
    const reject = timeReject(notice, sensor, input);
    if (reject !== null) {
      this.#target.rejected?.(reject);
      this.refused(hosted, sensor, reject.detail, known);
      const episode = this.#open.get(nameOf(hosted, sensor));
      if (episode !== undefined) episode.after = reject.row;
    } else if (kind === "leads") {
      const detail = `${clockText(notice, sensor)}; its readings are used, and do not move the time of other sensors`;
      this.#begin(hosted, sensor, detail, known).leads = true;
    } else if (kind === "follows") this.#end(hosted, sensor, timestamp);
    else if (kind === "clock_set" || kind === "hour_repeated") {
      if (kind === "clock_set") this.#end(hosted, sensor, timestamp);
      const detail = clockText(notice, sensor) ?? "";
      this.#send(hosted, "clock_step", sensor, "firing", detail, timestamp, timestamp);
    }
  }

  /** Counts the believed readings of sensors that were ahead. */
  #count(hosted: HostedBuffer, rows: SequencedBatch, sensors: readonly string[]): void {
    for (let row = 0; row < rows.length; row++) {
      const sensor = sensors[rows.keys[row] as number] as string;
      const episode = this.#open.get(nameOf(hosted, sensor));
      if (episode === undefined || episode.leads) continue;
      if ((rows.rows[row] as number) <= episode.after) continue;
      episode.believed += 1;
      if (episode.believed >= ENOUGH) this.#end(hosted, sensor, rows.eventTimes[row] as number);
    }
    for (const episode of this.#open.values()) episode.after = 0;
  }

  #begin(hosted: HostedBuffer, sensor: string, detail: string, atMs: number): Episode {
    const name = nameOf(hosted, sensor);
    const known = this.#open.get(name);
    if (known !== undefined) return known;
    const episode = { sinceMs: atMs, rejected: 0, believed: 0, after: 0, leads: false };
    this.#open.set(name, episode);
    this.#stored.set(name, { subject: sensor, sinceMs: atMs });
    this.#stored.save();
    this.#send(hosted, EVENT, sensor, "firing", detail, atMs, atMs);
    return episode;
  }

  #end(hosted: HostedBuffer, sensor: string, atMs: number): void {
    const name = nameOf(hosted, sensor);
    const episode = this.#open.get(name);
    if (episode === undefined) return;
    this.#open.delete(name);
    this.#stored.delete(name);
    this.#stored.save();
    const { sinceMs, rejected } = episode;
    // the arrival of a rejected reading may be later than the readings that follow it
    const resolvedMs = Math.max(atMs, sinceMs);
    const were = rejected === 0 ? "" : `; ${rejected} ${rejected === 1 ? "was" : "were"} rejected`;
    const detail = `the times of its readings are no longer ahead${were}`;
    this.#send(hosted, EVENT, sensor, "resolved", detail, resolvedMs, sinceMs);
  }

  #send(
    hosted: HostedBuffer,
    event: string,
    subject: string,
    status: "firing" | "resolved",
    detail: string,
    atMs: number,
    startedMs: number,
  ): void {
    const pipeline = hosted.definition.name;
    const message = { pipeline, event, subject, status, detail, atMs, startedMs };
    this.#target.ops({ ...message, severity: "warning" }, hosted);
  }
}

function nameOf({ definition }: HostedBuffer, sensor: string): string {
  return `${definition.name}\n${sensor}`;
}
