import { resolve } from "node:path";
import type { ReadBody } from "../../../../backtest/result/result-body.ts";
import type { Batch, SequencedBatch } from "../../../../core/batch.ts";
import { isoTime } from "../../../../core/timestamp/iso-time.ts";
import type { TimeNotice } from "../../../../engine/time/time-notice.ts";
import type { ValueNotice } from "../../../../engine/values/value-notice.ts";
import { reportImplausible } from "../../../../io/implausible.ts";
import type { OpsEvent } from "../../../../io/messages/message-fields.ts";
import type { Readings } from "../../../../io/readings.ts";
import { RejectLog } from "../../../../io/rejects.ts";
import { type OpenClocks, SensorClocks } from "../../../../io/sensor-clocks.ts";
import { clockText } from "../../../../io/time-rejects.ts";
import { valueEvent, valueText } from "../../../../io/value-events.ts";
import type { CliContext } from "../../../context.ts";
import type { ReplayOptions } from "../options.ts";
import type { ReplayNotes } from "../output/replay-notes.ts";
import { checkRejects } from "./max-rejects.ts";
import type { OpenedRecording } from "./open-recordings.ts";

/** The labelled readings of a recording. Logs rejected rows, implausible values and unused labels. */
export class RecordingReader {
  readonly #recording: OpenedRecording;
  readonly #options: ReplayOptions;
  readonly #notes: ReplayNotes;
  readonly #signal: AbortSignal;
  readonly rejects: RejectLog;
  readonly #clocks: SensorClocks;
  /** Events about clocks and values that no one has taken. */
  #opsEvents: OpsEvent[] = [];
  /** Sensors with a column that lost its values, a sentence each. */
  readonly #valueTexts: string[] = [];
  /** Clocks of sensors that were set or run ahead, a sentence each. */
  readonly #clockTexts: string[] = [];
  #clockSteps = 0;

  /** @throws {IotmonError} `ERR_CANT_CREATE` or `ERR_PERMISSION` for the file of `--rejects`. */
  constructor(
    recording: OpenedRecording,
    options: ReplayOptions,
    { cwd, signal }: CliContext,
    notes: ReplayNotes,
  ) {
    this.#recording = recording;
    this.#options = options;
    this.#notes = notes;
    this.#signal = signal;
    const missing = missingBefore(recording.readings);
    if (missing !== null) notes.line(`${missing}: results differ until warm`);
    for (const text of recording.spans?.notes ?? []) notes.line(text);
    this.#clocks = new SensorClocks({
      pipeline: recording.pipeline.plan.pipeline,
      stored: new NoOpenClocks(),
      send: (event) => void this.#opsEvents.push(event),
    });
    const file = options.rejects;
    this.rejects = new RejectLog(file === undefined ? null : resolve(cwd, file), file);
  }

  /** All readings, once. */
  batches(): AsyncIterable<Batch> {
    const { readings, pipeline, keys, spans } = this.#recording;
    const all = readings.batches({
      layout: pipeline.layout,
      keys,
      maxAheadMs: pipeline.time.maxAhead,
      reject: (reject) => this.rejects.add(reject),
      note: (text) => this.#notes.line(text),
    });
    const batches = reportImplausible(all, pipeline.ranges, readings.labels, (cell) =>
      this.rejects.addImplausible(cell),
    );
    return spans?.label(batches, keys) ?? batches;
  }

  /** Rejects readings whose time is not believed, and notes sensors whose clock was set. */
  readonly times = (notices: readonly TimeNotice[]): void => {
    const { readings, keys } = this.#recording;
    for (const notice of notices) {
      const sensor = keys.name(notice.key);
      const sent = this.#opsEvents.length;
      const reject = this.#clocks.notice(notice, sensor, readings.labels[notice.source] ?? "");
      if (reject !== null) this.rejects.add(reject);
      if (notice.kind === "clock_set") this.#clockSteps += 1;
      const isKnown = notice.kind === "hour_repeated" && this.#opsEvents.length === sent;
      const text = clockText(notice, sensor);
      if (text !== null && !isKnown) this.#clockTexts.push(text);
    }
  };

  /** Counts readings of sensors whose clock was wrong. */
  readonly rows = (rows: SequencedBatch): void => {
    this.#clocks.rows(rows, this.#recording.keys.names);
  };

  /** Notes columns of sensors that lost their values. */
  readonly values = (notices: readonly ValueNotice[]): void => {
    const { pipeline, keys } = this.#recording;
    const { plan, layout, ranges } = pipeline;
    for (const notice of notices) {
      const sensor = keys.name(notice.key);
      const place = { pipeline: plan.pipeline, sensor, columns: layout.numeric, ranges };
      this.#opsEvents.push(valueEvent(notice, place));
      if (notice.kind === "no_value") {
        this.#valueTexts.push(`${sensor}, ${valueText(notice, place)}`);
      }
    }
  };

  /** Events about the clocks and values of sensors since the last call. */
  takeOpsEvents(): readonly OpsEvent[] {
    const events = this.#opsEvents;
    if (events.length > 0) this.#opsEvents = [];
    return events;
  }

  /** @throws {IotmonError} `ERR_DATA` when more rows are rejected than `--max-rejects` allows. */
  checkCount(readings: number): void {
    checkRejects(this.rejects, readings, this.#options.maxRejects, false);
  }

  /**
   * Checks the labels and the rejected rows after the last reading.
   *
   * @throws {IotmonError} `ERR_DATA` when no label covers a reading, or too many rows are rejected.
   */
  checkEnd(readings: number): void {
    const { spans, keys } = this.#recording;
    const { to, limit, maxRejects } = this.#options;
    const endless = Number.POSITIVE_INFINITY;
    const isWhole = !this.#signal.aborted && to === endless && limit === endless;
    for (const text of spans?.findings(keys, isWhole) ?? []) this.#notes.line(text);
    checkRejects(this.rejects, readings, maxRejects, true);
  }

  /** Facts about the input, for results as JSON. */
  body(): ReadBody {
    const { total, counts, implausible } = this.rejects;
    return {
      inputs: this.#recording.readings.labels,
      stopped: this.#signal.aborted,
      rejected: total,
      rejectReasons: Object.fromEntries(counts),
      implausible: Object.fromEntries(implausible),
      clockSteps: this.#clockSteps,
    };
  }

  /** Closes the file of rejected rows, and reports their number. */
  close(): void {
    this.rejects.close();
    this.#notes.rejected(this.rejects, this.#options.rejects);
    this.#notes.clocks(this.#clockTexts);
    this.#notes.values(this.#valueTexts);
  }
}

/** The part of a recorded session that is missing before its first reading; null: it is complete. */
function missingBefore({ session }: Readings): string | null {
  if (session === null || !session.header.warm) return null;
  const { gap } = session.header;
  return gap === undefined
    ? "the recorded session started with a warm state"
    : `the recorded session continues after a gap that began at ${isoTime(gap)}`;
}

/** A replay continues no earlier run. */
class NoOpenClocks implements OpenClocks {
  readonly all = new Map<string, { readonly sinceMs: number }>();
  set(): void {}
  delete(): void {}
  save(): void {}
}
