import type { ConfiguredSink } from "../config/create-sinks.ts";
import type { AlertEvent } from "../core/alerts/alert-event.ts";
import type { KeyTable } from "../core/key-table.ts";
import type { EnginePlan } from "../engine/plan.ts";
import { alertBody } from "../io/messages/alert-body.ts";
import type { AlertBody } from "../io/messages/alert-schema.ts";
import { Outbox } from "../io/outbox/outbox.ts";
import type { SinkStats } from "../io/outbox/sink-stats.ts";
import type { StateDirectory } from "../state/state-directory.ts";

/** Whose messages these are. */
export interface MessageOrigin {
  readonly plan: EnginePlan;
  readonly keys: KeyTable;
}

/** Takes alerts from an engine to the sinks of its pipeline, through the queue on the disk. */
export class AlertDelivery {
  readonly #outbox: Outbox;

  private constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  /**
   * Goes on with what is pending in the state directory.
   *
   * @param say Takes what an operator should know, a line each.
   * @throws {IotmonError} As `Outbox.open`.
   */
  static async open(
    state: StateDirectory,
    sinks: readonly ConfiguredSink[],
    say: (line: string) => void,
  ): Promise<AlertDelivery> {
    return new AlertDelivery(await Outbox.open({ state, sinks, say }));
  }

  /**
   * Resolves when all are on the disk; waits for no receiver. Those sent before are passed over.
   *
   * @throws {IotmonError} `ERR_IO` when the disk refuses; they go out once it takes them.
   */
  async send(events: readonly AlertEvent[], { plan, keys }: MessageOrigin): Promise<void> {
    await this.sendBodies(events.map((event) => alertBody(event, plan, keys)));
  }

  /** As {@link send}, of messages that are put together. */
  async sendBodies(bodies: readonly AlertBody[]): Promise<void> {
    await Promise.all(
      bodies.map((body) => this.#outbox.enqueue({ body, json: JSON.stringify(body) })),
    );
  }

  /** How each sink is doing, by name. */
  stats(): ReadonlyMap<string, SinkStats> {
    return this.#outbox.stats();
  }

  /** Resolves when nothing is pending, or the signal is aborted. @returns Whether nothing is. */
  drain(signal: AbortSignal): Promise<boolean> {
    return this.#outbox.drain(signal);
  }

  /** Stops; what is pending stays on the disk. The last call. */
  close(): Promise<void> {
    return this.#outbox.close();
  }
}
