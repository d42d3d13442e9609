import { Heartbeat, type HeartbeatSettings } from "../../io/heartbeat.ts";
import type { PostContext } from "../../io/sinks/posting/poster.ts";
import type { StateListener } from "../commands.ts";
import type { ScoredRows } from "../effects.ts";
import type { HostedBuffer } from "../registry.ts";
import type { AlertDispatch } from "./alert-dispatch.ts";

/** What {@link Heartbeats} works with. */
export interface HeartbeatsSetup {
  readonly dispatch: AlertDispatch;
  /** For the calls. */
  readonly context: Omit<PostContext, "allowPrivate">;
  /** Why the state can't be written; null: it can. */
  failure(): string | null;
  /** Takes a sentence for an operator, without its period. */
  report(level: "info" | "warn", pipeline: string, text: string): void;
}

/**
 * The heartbeats of all pipelines of a server. A pipeline is well while readings arrive, the state can be
 * written, and none of its sinks is disabled.
 */
export class Heartbeats implements StateListener {
  readonly #setup: HeartbeatsSetup;
  readonly #running = new Map<string, Heartbeat>();
  /** Time of the last reading, ms of a steady clock. */
  readonly #lastReadings = new Map<string, number>();

  constructor(setup: HeartbeatsSetup) {
    this.#setup = setup;
  }

  rows({ definition }: HostedBuffer, { output }: ScoredRows): void {
    if (output.length > 0) this.#lastReadings.set(definition.name, performance.now());
  }

  /**
   * Gives a pipeline this heartbeat instead of the one before.
   *
   * @param settings Null: it has none.
   * @param origin A pipeline that came over HTTP calls no address of an inner network.
   */
  async configure(
    name: string,
    settings: HeartbeatSettings | null,
    origin: "file" | "http",
  ): Promise<void> {
    await this.#running.get(name)?.close();
    this.#running.delete(name);
    if (settings === null) return;
    const { dispatch, context, failure, report } = this.#setup;
    const started = performance.now();
    const heartbeat = new Heartbeat({
      settings,
      context: { ...context, allowPrivate: origin === "file" },
      lastReading: () => this.#lastReadings.get(name) ?? started,
      steady: () => performance.now(),
      problem: () => failure() ?? dispatch.problem(name),
      report: (level, text) => report(level, name, text),
    });
    this.#running.set(name, heartbeat);
    heartbeat.start();
  }

  /** Ends the heartbeat of a pipeline. */
  async remove(name: string): Promise<void> {
    await this.configure(name, null, "file");
    this.#lastReadings.delete(name);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((name) => this.remove(name)));
  }
}
