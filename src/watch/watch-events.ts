import type { AlertEvent } from "../core/alerts/alert-event.ts";
import type { AlertBody } from "../io/messages/alert-schema.ts";
import type { OpsEvent } from "../io/messages/message-fields.ts";
import { opsBody } from "../io/messages/ops-body.ts";
import { type AlertDelivery, alertBodies } from "../io/outbox/alert-delivery.ts";
import type { TimeReject } from "../io/time-rejects.ts";
import type { Command, StateListener } from "../service/commands.ts";
import type { ScoredRows } from "../service/effects.ts";
import { messageOrigin } from "../service/queries/shown-plan.ts";
import type { HostedBuffer } from "../service/registry.ts";
import type { RowAlert, WatchListener } from "./watch-listener.ts";

/** Passes the changes of the pipeline, and operational events, to the listeners and to the sinks. */
export class WatchEvents implements StateListener {
  readonly #listeners: readonly WatchListener[];
  readonly #delivery: AlertDelivery;
  #labels: Readonly<Record<string, string>> = {};

  constructor(listeners: readonly WatchListener[], delivery: AlertDelivery) {
    this.#listeners = listeners;
    this.#delivery = delivery;
  }

  executed(command: Command): void {
    this.notify((listener) => listener.executed?.(command));
  }

  rows(hosted: HostedBuffer, scored: ScoredRows): void {
    const { events, eventRows } = scored.output;
    const bodies = bodiesOf(hosted, events);
    const alerts = bodies.map((body, i): RowAlert => ({ body, row: eventRows[i] as number }));
    this.notify((listener) => listener.rows?.(hosted, scored, alerts));
    this.#delivery.send(bodies);
  }

  due(hosted: HostedBuffer, events: readonly AlertEvent[]): void {
    const bodies = bodiesOf(hosted, events);
    const alerts = bodies.map((body): RowAlert => ({ body, row: null }));
    this.notify((listener) => listener.due?.(hosted, alerts));
    this.#delivery.send(bodies);
  }

  /** Shows and sends an operational message. */
  ops(event: OpsEvent): void {
    const body = opsBody(event, this.#labels);
    this.opsSent(body);
    this.#delivery.send([body]);
  }

  /** Shows an operational message that the outbox itself has sent. */
  opsSent(body: AlertBody): void {
    this.notify((listener) => listener.ops?.(body));
  }

  /** Shows that a reading is not used because of its time. */
  rejected(reject: TimeReject): void {
    this.notify((listener) => listener.rejected?.(reject));
  }

  /** Calls every listener, in order. */
  notify(call: (listener: WatchListener) => void): void {
    for (const listener of this.#listeners) call(listener);
  }

  /** Gives the listeners a sentence for the user, without its period. */
  note(level: "info" | "warn", text: string): void {
    this.notify((listener) => listener.note?.(level, text));
  }

  /** Sets the labels of operational messages: those of the pipeline's alerts. */
  setLabels(labels: Readonly<Record<string, string>>): void {
    this.#labels = labels;
  }

  /**
   * Resolves when everything so far is shown, and stored in the outbox or reported as not stored.
   *
   * @throws {Error} When messages still wait for their sinks to be known.
   */
  async settled(): Promise<void> {
    if (this.#delivery.isHolding) throw new Error("messages wait for sinks");
    await this.shown();
    await this.#delivery.settled();
  }

  /** Resolves when everything so far is shown. */
  async shown(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.settled?.()));
  }
}

function bodiesOf(hosted: HostedBuffer, events: readonly AlertEvent[]): readonly AlertBody[] {
  return events.length === 0 ? [] : alertBodies(events, messageOrigin(hosted));
}
