import { formatDuration } from "../core/units/duration.ts";
import type { PostContext, Poster } from "./sinks/posting/poster.ts";

/** Time of one call, ms. */
const CALL_MS = 15_000;
/** Longest time until a failed call is repeated, ms. */
const RETRY_MS = 30_000;

/** Where and how often to call. */
export interface HeartbeatSettings {
  readonly url: string;
  readonly everyMs: number;
  /** Longest time without a reading, ms; null: silence is expected. */
  readonly maxSilenceMs: number | null;
}

/** What a {@link Heartbeat} works with. */
export interface HeartbeatSetup {
  readonly settings: HeartbeatSettings;
  readonly context: PostContext;
  /** Time of the last reading, or of the start before it; ms of a steady clock. */
  lastReading(): number;
  /** Time of the same clock, ms. */
  steady(): number;
  /** What is not well, apart from missing readings, without a period; null: nothing. */
  problem(): string | null;
  /** Takes a sentence for an operator, without its period. */
  report(level: "info" | "warn", text: string): void;
}

/**
 * Calls a dead man's switch while everything is well. The switch alarms when the calls stop, so it also notices
 * that the program, the machine or the network is gone. Reports once when the calls stop, and when they continue.
 */
export class Heartbeat {
  readonly #setup: HeartbeatSetup;
  readonly #stop = new AbortController();
  #poster: Promise<Poster> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #calling: Promise<void> | null = null;
  /** The reported reason why the calls have stopped; null: they have not. */
  #reported: string | null = null;

  constructor(setup: HeartbeatSetup) {
    this.#setup = setup;
  }

  /** Makes the first call, and then one in every interval. */
  start(): void {
    const { everyMs } = this.#setup.settings;
    const beat = (): void => {
      this.#calling = this.#beat().then((isDone) => {
        if (this.#stop.signal.aborted) return;
        this.#timer = setTimeout(beat, isDone ? everyMs : Math.min(everyMs, RETRY_MS));
      });
    };
    beat();
  }

  /** Makes no more calls; resolves when the last one has ended. */
  async close(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    await this.#calling;
    await (await this.#poster)?.close();
  }

  /** @returns Whether the next call has the time of an interval: false after a failed one. */
  async #beat(): Promise<boolean> {
    const problem = this.#silence() ?? this.#setup.problem();
    if (problem !== null) {
      this.#tell(`the heartbeat pauses: ${problem}`);
      return true;
    }
    const { context, settings } = this.#setup;
    this.#poster ??= import("./sinks/posting/poster.ts").then(({ Poster: Client }) => {
      return new Client({ url: settings.url, headers: {}, ca: null }, context);
    });
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(CALL_MS)]);
    const outcome = await (await this.#poster).get(signal);
    if (this.#stop.signal.aborted) return true;
    if (outcome.kind !== "delivered") {
      this.#tell(`the heartbeat fails: ${outcome.reason}`);
      return false;
    }
    if (this.#reported !== null) this.#setup.report("info", "the heartbeat continues");
    this.#reported = null;
    return true;
  }

  #silence(): string | null {
    const { settings, lastReading, steady } = this.#setup;
    const { maxSilenceMs } = settings;
    if (maxSilenceMs === null || steady() - lastReading() <= maxSilenceMs) return null;
    return `no reading for more than ${formatDuration(maxSilenceMs)}`;
  }

  #tell(text: string): void {
    if (this.#reported !== text) this.#setup.report("warn", text);
    this.#reported = text;
  }
}
