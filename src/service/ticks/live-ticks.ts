import type { SequencedBatch } from "../../core/batch.ts";
import type { CommandExecutor, StateListener } from "../commands.ts";
import type { ScoredRows } from "../effects.ts";
import type { LivePipeline } from "../live-pipeline/live-pipeline.ts";
import type { HostedBuffer } from "../registry.ts";
import type { StateMachine } from "../state-machine.ts";

/** Advances pipelines while no rows arrive, for silence, durations and repeats. */
export class LiveTicks implements StateListener {
  readonly #machine: StateMachine;
  readonly #commands: CommandExecutor;
  readonly #clock: () => number;
  readonly #clocks = new WeakMap<LivePipeline, EventClock>();

  /** @param clock Monotonic clock, ms. */
  constructor(
    machine: StateMachine,
    commands: CommandExecutor,
    clock: () => number = () => performance.now(),
  ) {
    this.#machine = machine;
    this.#commands = commands;
    this.#clock = clock;
    for (const name of machine.pipelines()) this.#clockOf(machine.pipeline(name).pipeline);
    machine.listen(this);
  }

  rows({ pipeline, config, reader }: HostedBuffer, { batch }: ScoredRows): void {
    if (config === null) return;
    this.#clockOf(pipeline).seen(pipeline.watermark, batch, reader.maxAheadMs);
  }

  /**
   * Executes the deadlines that have passed, and tells quiet pipelines the time. Call it about once a second.
   *
   * @throws {CommandError} `unsafe`.
   */
  async tick(): Promise<void> {
    const due = this.#machine.pipelines().flatMap((name) => {
      const { pipeline } = this.#machine.pipeline(name);
      const now = this.#clockOf(pipeline).now();
      return pipeline.nextTick <= now ? { name, now } : [];
    });
    // all at once, so that nothing is deleted in between
    await Promise.all(
      due.map(({ name, now }) => this.#commands.execute({ kind: "tick", name, now })),
    );
  }

  #clockOf(pipeline: LivePipeline): EventClock {
    const known = this.#clocks.get(pipeline);
    if (known !== undefined) return known;
    const clock = new EventClock(this.#clock, pipeline);
    this.#clocks.set(pipeline, clock);
    return clock;
  }
}

/**
 * Event time between rows: the newest row's time plus the time since it arrived. So rows with old times (a
 * recording, or a sensor that was offline) trigger nothing early, and deadlines on a quiet line are kept.
 */
class EventClock {
  readonly #clock: () => number;
  #watermark: number;
  /** Event time at `#at` on the clock. */
  #known: number;
  #at: number;

  /** @param clock Monotonic clock, ms. */
  constructor(clock: () => number, { watermark, now }: LivePipeline) {
    this.#clock = clock;
    this.#watermark = watermark;
    this.#known = now;
    this.#at = clock();
  }

  /**
   * Rows have arrived. Those that move the watermark move event time. It may fall: see `TimeGuard`.
   *
   * Beside a sensor whose clock is ahead, though not too far, the others do not move the watermark until they reach
   * it. Event time waits for their rows, too; otherwise they would be reported as silent while they send.
   *
   * @param maxAheadMs How far ahead of its arrival a row may be.
   */
  seen(watermark: number, rows: SequencedBatch, maxAheadMs: number): void {
    if (watermark === this.#watermark && !hasRecent(rows, watermark - maxAheadMs)) return;
    this.#watermark = watermark;
    this.#known = watermark;
    this.#at = this.#clock();
  }

  /** Event time now, ms; -Infinity before the first row. */
  now(): number {
    return this.#known + this.#clock() - this.#at;
  }
}

/** Whether a row that has just arrived, in the order of its sensor, has at least this time, ms. */
function hasRecent(rows: SequencedBatch, least: number): boolean {
  const { length, timestamps, eventTimes, carried } = rows;
  if (carried.length > 0) return false; // they waited to be sorted, or for the next row of their sensor
  for (let row = 0; row < length; row++) {
    const time = timestamps[row] as number;
    if (time >= least && time === eventTimes[row]) return true;
  }
  return false;
}
