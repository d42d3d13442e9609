import type { LoadedPipeline } from "../config/loaded-pipeline.ts";
import type { KeyTable } from "../core/key-table.ts";
import type { LiveSource } from "../io/sources/live-source.ts";
import type { CommandLog } from "../service/command-log.ts";
import type { LivePipeline } from "../service/live-pipeline/live-pipeline.ts";
import { SourceMarks } from "../service/live-pipeline/source-marks.ts";
import type { StateMachine } from "../service/state-machine.ts";
import { LiveTicks } from "../service/ticks/live-ticks.ts";
import { ImplausibleEvents } from "./operational-events/implausible-events.ts";
import type { OpenEvents } from "./operational-events/open-events.ts";
import { SourceEvents } from "./operational-events/source-events.ts";
import { type BeginSetup, beginPipeline } from "./pipeline/begin-pipeline.ts";
import { PatientCommands } from "./pipeline/patient-commands.ts";
import { type History, warmUp } from "./pipeline/warm-up.ts";
import type { LineOptions } from "./sources/first-lines.ts";
import { SensorNames } from "./sources/sensor-names.ts";
import { type FeedHooks, SourceFeed } from "./sources/source-feed.ts";
import { WatchedSource } from "./sources/watched-source.ts";
import type { Clocks } from "./time/arrival-clock.ts";
import { WatchTime } from "./time/watch-time.ts";
import type { WatchEvents } from "./watch-events.ts";

/** Rows of one command at the most. */
const MOST_ROWS = 2048;
const TICK_MS = 1000;
/** Time without a line after which passing time counts as event time, ms. */
const QUIET_MS = 2000;

/** What is watched, and by what. */
export interface WatchSetup {
  readonly hub: StateMachine;
  readonly changes: CommandLog;
  readonly events: WatchEvents;
  /** Name of the pipeline. */
  readonly name: string;
  /** Null: the one that the hub has, else one that is inferred. */
  readonly file: LoadedPipeline | null;
  readonly sources: readonly { readonly source: LiveSource; readonly options: LineOptions }[];
  /** What a fresh pipeline learns from first; null: nothing. */
  readonly history: History | null;
  /** Readings after which it ends; Infinity: it does not. */
  readonly limit: number;
  readonly clocks: Clocks;
  /** Sources that were down when the last run ended. */
  readonly downs: OpenEvents;
  /** Values that receivers knew not to be plausible then. */
  readonly implausible: OpenEvents;
}

/** Takes the lines of sources through a pipeline, until they end. */
export class WatchSession {
  readonly #setup: WatchSetup;
  readonly #sources: readonly WatchedSource[];
  readonly #time: WatchTime;
  readonly #ops: SourceEvents;
  readonly #implausible: ImplausibleEvents;
  readonly #changes: PatientCommands;
  #readings = 0;
  #lastAt: number;
  readonly #sensors = new SensorNames();
  #isNew = false;
  #wake: () => void = () => {};

  constructor(setup: WatchSetup) {
    const { hub, name, events, clocks, sources } = setup;
    const known = hub.pipelines().includes(name) ? hub.pipeline(name).pipeline : null;
    const isStamped = known !== null && known.frame.layout.timestamp === null;
    this.#setup = setup;
    this.#ops = new SourceEvents(events, name, setup.downs);
    const floor = isStamped ? known.watermark : Number.NEGATIVE_INFINITY;
    this.#time = new WatchTime(clocks, floor, (step) => this.#ops.clock(step));
    this.#implausible = new ImplausibleEvents(events, name, setup.implausible);
    this.#changes = new PatientCommands(setup.changes, (text) => this.#note("warn", text));
    this.#lastAt = clocks.steady();
    const hooks: FeedHooks = {
      wake: () => {
        this.#isNew = true;
        this.#wake();
      },
      event: ({ source }, event) => this.#ops.source(source, event),
      dropped: ({ source }, lines) =>
        events.notify((listener) => listener.dropped?.(source.label, lines)),
      now: () => this.#time.now(),
    };
    const marks = known?.sources ?? new SourceMarks();
    this.#sources = sources.map(
      ({ source, options }) => new WatchedSource(new SourceFeed(source, hooks), options, marks),
    );
  }

  /** Readings so far. */
  get readings(): number {
    return this.#readings;
  }

  /**
   * Runs until the sources have ended, the limit is reached, or the signal is aborted; then what has come
   * is scored.
   *
   * @throws {IotmonError} As `LiveSource.run`; `ERR_DATA` when nothing can be made of the lines,
   * `ERR_CONFIG` when the pipeline does not fit them.
   */
  async run(signal: AbortSignal): Promise<void> {
    const watched = this.#sources.map(({ feed }) => feed.source);
    this.#ops.begin(watched, this.#setup.clocks.wall());
    const stop = new AbortController();
    const stopped = AbortSignal.any([signal, stop.signal]);
    const failures: unknown[] = [];
    const running = this.#sources.map(({ feed, from }) =>
      feed.run(from, stopped).catch((error: unknown) => {
        if (!stopped.aborted) failures.push(error);
        stop.abort();
      }),
    );
    let timer: NodeJS.Timeout | undefined;
    try {
      if (await beginPipeline(this.#beginning)) {
        await this.#warmUp(stopped);
        const ticks = new LiveTicks(this.#setup.hub, this.#setup.changes);
        timer = setInterval(() => this.#tick(ticks), TICK_MS);
        await this.#score(stopped);
      }
    } finally {
      clearInterval(timer);
      stop.abort();
      for (const { feed } of this.#sources) feed.close();
      await Promise.all(running);
    }
    if (failures.length > 0) throw failures[0];
  }

  async #warmUp(signal: AbortSignal): Promise<void> {
    const { hub, name, history } = this.#setup;
    if (history === null) return;
    const read = await warmUp(history, { hub, name, changes: this.#changes, signal });
    if (read === null) {
      const why = "the pipeline has learned already, and goes on with that";
      this.#note("info", `${history.label} is not read: ${why}`);
    } else this.#note("info", `learned from ${read} readings of ${history.label}`);
  }

  async #score(stopped: AbortSignal): Promise<void> {
    const { hub, name, events } = this.#setup;
    const hosted = hub.pipeline(name);
    events.notify((listener) => listener.began?.(hosted));
    this.#resume(hosted.pipeline);
    while (this.#readings < this.#setup.limit) {
      let isIdle = true;
      for (const source of this.#sources) {
        if (await this.#step(source, stopped)) isIdle = false;
        if (this.#readings >= this.#setup.limit) return;
      }
      this.#time.check();
      if (!isIdle) continue;
      if (this.#sources.every(({ feed }) => feed.isEnded && feed.waiting === 0)) return;
      await this.#somethingNew();
    }
  }

  #resume({ watermark, keys, frame }: LivePipeline): void {
    const isStamped = frame.layout.timestamp === null;
    const isFollowed = ({ feed, from }: WatchedSource) =>
      feed.source.kind === "file" && from !== null;
    // a file that is followed kept what came meanwhile, and when if its lines say so
    if (!isStamped && this.#sources.some(isFollowed)) return;
    this.#time.resumed(watermark, isStamped ? 1 : keys.size);
  }

  /** Scores some lines of a source. @returns Whether there were any. */
  async #step(source: WatchedSource, stopped: AbortSignal): Promise<boolean> {
    const { hub, name, clocks, limit, events } = this.#setup;
    if (source.feed.waiting === 0 || !this.#look(source, stopped)) return false;
    const keys = this.#sensors.of(hub.pipeline(name).pipeline.keys);
    await this.#open(source, keys);
    const decoded = source.next(Math.min(MOST_ROWS, limit - this.#readings));
    if (decoded === null) return false;
    this.#lastAt = clocks.steady();
    const { label } = source.feed.source;
    const { batch, progress, lines } = decoded;
    this.#readings += batch.length;
    const { reader, pipeline } = hub.pipeline(name);
    this.#implausible.check({ batch, keys, label, ranges: reader.ranges });
    const rows = { batch, sensors: keys.names };
    const isArrival = pipeline.frame.layout.timestamp === null;
    const times = batch.timestamps.subarray(0, batch.length);
    const unwatched = this.#time.takeUnwatched(times, pipeline.watermark, isArrival);
    if (unwatched !== null) await this.#changes.execute({ kind: "pause", name, ...unwatched });
    events.notify((listener) => listener.lines?.({ label, name: source.name }, lines));
    await this.#changes.execute({
      kind: "append_batch",
      ...{ name, source: source.name, progress, rows },
    });
    await events.shown();
    return true;
  }

  /** Whether the lines of a source can be read. What nobody could make sense of is given up at the end. */
  #look(source: WatchedSource, stopped: AbortSignal): boolean {
    try {
      return source.look(this.#setup.clocks.steady());
    } catch (error) {
      if (!stopped.aborted) throw error;
      source.feed.close();
      return false;
    }
  }

  async #open(source: WatchedSource, keys: KeyTable): Promise<void> {
    const { hub, name, events } = this.#setup;
    const { label } = source.feed.source;
    const { layout } = hub.pipeline(name).pipeline.frame;
    const opened = source.open({
      ...{ layout, keys },
      reject: (reject) => events.notify((listener) => listener.rejected?.(reject)),
    });
    if (opened === null) return;
    const { format, sensor, rows, isNew, notes } = opened;
    const { profile } = format;
    events.notify((listener) => listener.opened?.({ source: label, profile, sensor, rows }));
    if (isNew) {
      const how = [format.profile.format, ...format.profile.notes].join(": ");
      this.#note("info", `${label}: ${how}`);
      await this.#changes.execute({ kind: "put_source", name, source: source.name, format });
    }
    for (const note of notes) this.#note("info", `${label}: ${note}`);
  }

  #tick(ticks: LiveTicks): void {
    this.#time.now();
    this.#time.check();
    const { steady } = this.#setup.clocks;
    const isQuiet = steady() - this.#lastAt >= QUIET_MS;
    if (!isQuiet || this.#sources.some(({ feed }) => feed.waiting > 0)) return;
    const shown = (): Promise<void> => this.#setup.events.shown();
    ticks.tick().then(shown, (error: Error) => this.#note("warn", error.message));
  }

  #note(level: "info" | "warn", text: string): void {
    this.#setup.events.notify((listener) => listener.note?.(level, text));
  }

  get #beginning(): BeginSetup {
    const { hub, name, file, clocks } = this.#setup;
    return {
      ...{ hub, name, file, changes: this.#changes, sources: this.#sources },
      now: () => clocks.steady(),
      news: () => this.#somethingNew(),
      note: (level, text) => this.#note(level, text),
    };
  }

  /** Resolves when lines have come, a source has ended, or waiting for more has been long enough. */
  async #somethingNew(): Promise<void> {
    const now = this.#setup.clocks.steady();
    const waits = this.#sources.flatMap((source) => source.patience(now) ?? []);
    let timer: NodeJS.Timeout | undefined;
    if (!this.#isNew) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (waits.length > 0) timer = setTimeout(resolve, Math.min(...waits) + 1);
      });
    }
    this.#isNew = false;
    this.#wake = () => {};
    clearTimeout(timer);
  }
}
