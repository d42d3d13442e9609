import { openingLines } from "../config/opening/opening-lines.ts";
import { openingRemarks } from "../config/opening/opening-remarks.ts";
import { refuseDoubts } from "../config/opening/refuse-doubts.ts";
import { KeyTable } from "../core/key-table.ts";
import { RejectedLines } from "../io/rejected-lines.ts";
import { sourceLayout } from "../io/session-recording/source-layout.ts";
import type { ClockEvents } from "../service/events/clock-events.ts";
import type { StateMachine } from "../service/state-machine.ts";
import type { OpenEvents } from "../state/open-events.ts";
import { ImplausibleEvents } from "./operational-events/implausible-events.ts";
import type { PatientCommands } from "./pipeline/patient-commands.ts";
import type { WatchedSource } from "./sources/watched-source.ts";
import type { Clocks } from "./time/arrival-clock.ts";
import type { WatchTime } from "./time/watch-time.ts";
import type { WatchEvents } from "./watch-events.ts";

/** Maximum number of rows of one command. */
const MAX_ROWS = 2048;

/** Parts that a {@link LineScorer} uses. */
export interface LineScorerSetup {
  /** For queries; changes are commands. */
  readonly machine: StateMachine;
  readonly commands: PatientCommands;
  readonly events: WatchEvents;
  /** Name of the pipeline. */
  readonly name: string;
  readonly clocks: Clocks;
  readonly time: WatchTime;
  readonly openImplausible: OpenEvents;
  readonly openRejected: OpenEvents;
  readonly clockEvents: ClockEvents;
  /** Whether doubts about an input are an error. */
  readonly strict: boolean;
}

/** Takes waiting lines of a source through the pipeline: decodes, checks and appends them. */
export class LineScorer {
  readonly #setup: LineScorerSetup;
  readonly #implausible: ImplausibleEvents;
  readonly #rejected = new Map<WatchedSource, RejectedLines>();
  #pipelineKeys: KeyTable | null = null;
  /** A copy of the keys of the pipeline: decoding adds sensors before the pipeline has them. */
  #keys = new KeyTable(0);
  #lastMs: number;

  constructor(setup: LineScorerSetup) {
    const { events, name, openImplausible, clocks } = setup;
    this.#setup = setup;
    this.#implausible = new ImplausibleEvents(events, name, openImplausible);
    this.#lastMs = clocks.steady();
  }

  /** Steady time of the last lines, ms; at first that of the start. */
  get lastMs(): number {
    return this.#lastMs;
  }

  /** @returns Readings of the lines; null: no line waits, or their format is unknown. */
  async score(
    source: WatchedSource,
    mostRows: number,
    stopped: AbortSignal,
  ): Promise<number | null> {
    const { machine, name, clocks, events, commands, time } = this.#setup;
    if (source.queue.waiting === 0 || !this.#detect(source, stopped)) return null;
    const keys = this.#keysOf(machine.pipeline(name).pipeline.keys);
    const rejected = this.#rejectedOf(source);
    await this.#open(source, keys, rejected);
    const decoded = source.next(Math.min(MAX_ROWS, mostRows));
    if (decoded === null) return null;
    this.#lastMs = clocks.steady();
    const { label } = source.queue.source;
    const { batch, progress, lines, kept } = decoded;
    const { reader, pipeline } = machine.pipeline(name);
    this.#implausible.check({ batch, keys, label, ranges: reader.ranges });
    const rows = { batch, sensors: keys.names };
    const isArrival = pipeline.frame.layout.timestamp === null;
    const times = batch.timestamps.subarray(0, batch.length);
    const unwatched = time.takeUnwatched(times, pipeline.watermark, isArrival);
    if (unwatched !== null) await commands.execute({ kind: "pause", name, ...unwatched });
    events.notify((listener) => listener.lines?.({ label, name: source.name }, lines));
    await commands.execute({
      kind: "append_batch",
      ...{ name, source: source.name, progress, rows },
    });
    for (const tell of kept) tell();
    const { layout } = pipeline.frame;
    rejected.settle((samples) => source.findFormat(samples, layout), clocks.wall());
    await events.shown();
    return batch.length;
  }

  /** Resolves messages of the last session about sources that are no longer watched. */
  begin(watched: readonly WatchedSource[]): void {
    const { openRejected, clocks } = this.#setup;
    const names = new Set(watched.map(({ queue: { source } }) => source.path ?? source.label));
    for (const [label, { subject: stem }] of openRejected.all) {
      if (names.has(label)) continue;
      this.#createRejected(label, stem).end(clocks.wall());
    }
  }

  #rejectedOf(source: WatchedSource): RejectedLines {
    const known = this.#rejected.get(source);
    if (known !== undefined) return known;
    const { path, label, stem } = source.queue.source;
    const created = this.#createRejected(path ?? label, stem);
    this.#rejected.set(source, created);
    return created;
  }

  #createRejected(name: string, stem: string): RejectedLines {
    const { events, name: pipeline, openRejected: open } = this.#setup;
    return new RejectedLines({ pipeline, name, stem, open, send: (event) => events.ops(event) });
  }

  /** After a stop, a source whose format is still unknown is closed instead of reported. */
  #detect(source: WatchedSource, stopped: AbortSignal): boolean {
    try {
      return source.detect(this.#setup.clocks.steady());
    } catch (error) {
      if (!stopped.aborted) throw error;
      source.queue.close();
      return false;
    }
  }

  async #open(source: WatchedSource, keys: KeyTable, rejected: RejectedLines): Promise<void> {
    const { machine, name, events, commands, clockEvents, clocks } = this.#setup;
    const { label } = source.queue.source;
    const hosted = machine.pipeline(name);
    const { layout } = hosted.pipeline.frame;
    const opened = source.open({
      ...{ layout, keys },
      line(reject, timeMs) {
        rejected.line(reject, timeMs);
        if (reject !== null) events.notify((listener) => listener.rejected?.(reject));
      },
      isEnough: () => rejected.isUrgent,
      maxAheadMs: hosted.reader.maxAheadMs,
      ahead: (sensor, detail) => clockEvents.refused(hosted, sensor, detail, clocks.wall()),
    });
    if (opened === null) return;
    const { format, sensor, rows, isNew, notes } = opened;
    const { profile } = format;
    events.notify((listener) => listener.opened?.({ source: label, profile, sensor, rows }));
    if (isNew) {
      const isLive = true;
      const remarks = openingRemarks({
        ...{ profile, isLive, plan: hosted.pipeline.plan },
        layout: sourceLayout(layout, profile, sensor),
      });
      if (this.#setup.strict) refuseDoubts(remarks, label);
      for (const line of openingLines(profile.format, remarks)) {
        events.note("info", `${label}: ${line}`);
      }
      await commands.execute({ kind: "put_source", name, source: source.name, format });
    }
    for (const note of notes) events.note("info", `${label}: ${note}`);
  }

  #keysOf(pipelineKeys: KeyTable): KeyTable {
    if (this.#pipelineKeys === pipelineKeys) return this.#keys;
    this.#pipelineKeys = pipelineKeys;
    this.#keys = new KeyTable(pipelineKeys.capacity);
    for (const name of pipelineKeys.names) this.#keys.intern(name);
    return this.#keys;
  }
}
