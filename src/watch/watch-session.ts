import type { LoadedPipeline } from "../config/loaded-pipeline.ts";
import type { LiveSource } from "../io/sources/live/live-source.ts";
import type { CommandExecutor } from "../service/commands.ts";
import type { ClockEvents } from "../service/events/clock-events.ts";
import type { LivePipeline } from "../service/live-pipeline/live-pipeline.ts";
import { SourceStates } from "../service/live-pipeline/source-states.ts";
import type { StateMachine } from "../service/state-machine.ts";
import { LiveTicks } from "../service/ticks/live-ticks.ts";
import type { OpenEvents } from "../state/open-events.ts";
import { LineScorer } from "./line-scorer.ts";
import { SourceEvents } from "./operational-events/source-events.ts";
import { beginPipeline } from "./pipeline/begin-pipeline.ts";
import { PatientCommands } from "./pipeline/patient-commands.ts";
import { type History, warmUp } from "./pipeline/warm-up.ts";
import type { LineOptions } from "./sources/first-lines.ts";
import { LineQueue, type LineQueueHooks } from "./sources/line-queue.ts";
import { WakeSignal } from "./sources/wake-signal.ts";
import { WatchedSource } from "./sources/watched-source.ts";
import type { Clocks } from "./time/arrival-clock.ts";
import { WatchTime } from "./time/watch-time.ts";
import type { WatchEvents } from "./watch-events.ts";

const TICK_MS = 1000;
/** Time without a line after which passing time counts as event time, ms. */
const QUIET_MS = 2000;

/** The sources and parts of a session. */
export interface WatchSetup {
  /** For queries; changes are commands. */
  readonly machine: StateMachine;
  readonly commands: CommandExecutor;
  readonly events: WatchEvents;
  /** Name of the pipeline. */
  readonly name: string;
  /** Null: the pipeline of the state machine, else an inferred one. */
  readonly file: LoadedPipeline | null;
  readonly sources: readonly { readonly source: LiveSource; readonly options: LineOptions }[];
  /** History that a new pipeline learns first; null if none. */
  readonly history: History | null;
  /** Number of readings after which the session ends; may be Infinity. */
  readonly limit: number;
  readonly clocks: Clocks;
  /** Sources that were down at the end of the last session. */
  readonly openDowns: OpenEvents;
  /** Columns that had implausible values at the end of the last session. */
  readonly openImplausible: OpenEvents;
  /** Sources of which most lines were rejected at the end of the last session. */
  readonly openRejected: OpenEvents;
  readonly clockEvents: ClockEvents;
  /** Whether doubts about an input are an error. */
  readonly strict: boolean;
}

/** One run of `watch`: takes the lines of live sources through a pipeline until the sources end. */
export class WatchSession {
  readonly #setup: WatchSetup;
  readonly #sources: readonly WatchedSource[];
  readonly #time: WatchTime;
  readonly #sourceEvents: SourceEvents;
  readonly #commands: PatientCommands;
  readonly #scorer: LineScorer;
  readonly #wake = new WakeSignal();
  #readings = 0;

  constructor(setup: WatchSetup) {
    const { machine, name, events, clocks, sources } = setup;
    const known = machine.pipelines().includes(name) ? machine.pipeline(name).pipeline : null;
    const isStamped = known !== null && known.frame.layout.timestamp === null;
    this.#setup = setup;
    this.#sourceEvents = new SourceEvents(events, name, setup.openDowns);
    const floor = isStamped ? known.watermark : Number.NEGATIVE_INFINITY;
    this.#time = new WatchTime(clocks, floor, (step) => this.#sourceEvents.clock(step));
    this.#commands = new PatientCommands(setup.commands, (text) => events.note("warn", text));
    this.#scorer = new LineScorer({ ...setup, commands: this.#commands, time: this.#time });
    const hooks: LineQueueHooks = {
      wake: () => this.#wake.set(),
      event: ({ source }, event) => this.#sourceEvents.source(source, event),
      dropped: ({ source }, lines) =>
        events.notify((listener) => listener.dropped?.(source.label, lines)),
      now: () => this.#time.now(),
    };
    const states = known?.sources ?? new SourceStates();
    this.#sources = sources.map(
      ({ source, options }) => new WatchedSource(new LineQueue(source, hooks), options, states),
    );
  }

  /** Readings so far. */
  get readings(): number {
    return this.#readings;
  }

  /**
   * Runs until the sources have ended, the limit is reached, or the signal is aborted.
   *
   * @throws {IotmonError} As `LiveSource.run`; `ERR_DATA` when the format of the lines can't be detected,
   * `ERR_CONFIG` when the pipeline does not fit them.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { machine, commands, clocks } = this.#setup;
    this.#sourceEvents.begin(
      this.#sources.map(({ queue }) => queue.source),
      clocks.wall(),
    );
    this.#scorer.begin(this.#sources);
    const stop = new AbortController();
    const stopped = AbortSignal.any([signal, stop.signal]);
    const failures: unknown[] = [];
    const running = this.#sources.map(({ queue, from }) =>
      queue.run(from, stopped).catch((error: unknown) => {
        if (!stopped.aborted) failures.push(error);
        stop.abort();
      }),
    );
    let timer: NodeJS.Timeout | undefined;
    try {
      if (await this.#begin()) {
        await this.#warmUp(stopped);
        const ticks = new LiveTicks(machine, commands);
        timer = setInterval(() => this.#tick(ticks), TICK_MS);
        await this.#score(stopped);
      }
    } finally {
      clearInterval(timer);
      stop.abort();
      for (const { queue } of this.#sources) queue.close();
      await Promise.all(running);
    }
    if (failures.length > 0) throw failures[0];
  }

  #begin(): Promise<boolean> {
    const { machine, name, file, clocks, events } = this.#setup;
    return beginPipeline({
      ...{ machine, name, file, commands: this.#commands, sources: this.#sources },
      now: () => clocks.steady(),
      wait: () => this.#waitForLines(),
      note: (level, text) => events.note(level, text),
    });
  }

  async #warmUp(signal: AbortSignal): Promise<void> {
    const { machine, name, history, events } = this.#setup;
    if (history === null) return;
    const read = await warmUp(history, { machine, name, commands: this.#commands, signal });
    if (read === null) {
      events.note("info", `${history.label} is not read: the pipeline has learned already`);
    } else events.note("info", `learned from ${read} readings of ${history.label}`);
  }

  async #score(stopped: AbortSignal): Promise<void> {
    const { machine, name, events, limit } = this.#setup;
    const hosted = machine.pipeline(name);
    events.notify((listener) => listener.began?.(hosted));
    this.#resume(hosted.pipeline);
    while (this.#readings < limit) {
      let isIdle = true;
      for (const source of this.#sources) {
        const readings = await this.#scorer.score(source, limit - this.#readings, stopped);
        if (readings === null) continue;
        isIdle = false;
        this.#readings += readings;
        if (this.#readings >= limit) return;
      }
      this.#time.check();
      if (!isIdle) continue;
      if (this.#sources.every(({ queue }) => queue.isEnded && queue.waiting === 0)) return;
      await this.#waitForLines();
    }
  }

  #resume({ watermark, keys, frame }: LivePipeline): void {
    const isStamped = frame.layout.timestamp === null;
    const isFollowed = ({ queue, from }: WatchedSource) =>
      queue.source.path !== null && from !== null;
    // a followed file keeps the lines written between two sessions, and their times if they have any
    if (!isStamped && this.#sources.some(isFollowed)) return;
    this.#time.resumed(watermark, isStamped ? 1 : keys.size);
  }

  #tick(ticks: LiveTicks): void {
    const { events, clocks } = this.#setup;
    this.#time.now();
    this.#time.check();
    const isQuiet = clocks.steady() - this.#scorer.lastMs >= QUIET_MS;
    if (!isQuiet || this.#sources.some(({ queue }) => queue.waiting > 0)) return;
    ticks.tick().then(
      () => events.shown(),
      (error: Error) => events.note("warn", error.message),
    );
  }

  /** Resolves when lines have arrived, a source has ended, or a source can decide without further lines. */
  #waitForLines(): Promise<void> {
    const now = this.#setup.clocks.steady();
    const waits = this.#sources.flatMap((source) => source.detectsIn(now) ?? []);
    return this.#wake.wait(Math.min(...waits));
  }
}
