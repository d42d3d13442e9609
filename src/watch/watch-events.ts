import type { AlertEvent } from "../core/alerts/alert-event.ts";
import { alertBody } from "../io/messages/alert-body.ts";
import type { AlertBody } from "../io/messages/alert-schema.ts";
import { type OpsEvent, opsBody } from "../io/messages/ops-body.ts";
import type { Command } from "../service/commands.ts";
import type { AlertDelivery } from "../service/delivery.ts";
import { shownPlan } from "../service/queries/shown-plan.ts";
import type { HostedBuffer } from "../service/registry.ts";
import type { Ran } from "../service/scoring/row-results.ts";
import type { StateListener } from "../service/state-listener.ts";
import type { RowAlert, WatchListener } from "./watch-listener.ts";

/** Takes what happens in a hub, and what happens around it, to those who listen and to the sinks. */
export class WatchEvents implements StateListener {
  readonly #listeners: readonly WatchListener[];
  readonly #say: (line: string) => void;
  /** Messages from before there were sinks: of what the journal had. */
  #early: AlertBody[] | null = [];
  #delivery: AlertDelivery | null = null;
  #labels: Readonly<Record<string, string>> = {};
  readonly #sending = new Set<Promise<void>>();
  /** Whether the queue on the disk takes what comes; that it does not is said once. */
  #isTaken = true;

  /** @param say Takes what goes wrong with messages, a line each. */
  constructor(listeners: readonly WatchListener[], say: (line: string) => void) {
    this.#listeners = listeners;
    this.#say = say;
  }

  executed(command: Command): void {
    this.tell((listener) => listener.executed?.(command));
  }

  rows(hosted: HostedBuffer, ran: Ran): void {
    const { events, eventRows } = ran.output;
    const alerts = events.map((event, i) => ({
      body: bodyOf(hosted, event),
      row: eventRows[i] as number,
    }));
    this.tell((listener) => listener.rows?.(hosted, ran, alerts));
    this.#send(alerts);
  }

  due(hosted: HostedBuffer, events: readonly AlertEvent[]): void {
    const alerts = events.map((event) => ({ body: bodyOf(hosted, event), row: null }));
    this.tell((listener) => listener.due?.(hosted, alerts));
    this.#send(alerts);
  }

  /** Sends and shows a message about the running itself. */
  ops(event: OpsEvent): void {
    const body = opsBody(event, this.#labels);
    this.tell((listener) => listener.ops?.(body));
    this.#send([{ body, row: null }]);
  }

  tell(what: (listener: WatchListener) => void): void {
    for (const listener of this.#listeners) what(listener);
  }

  /** Puts these labels, of the alerts of the pipeline, on messages about the running too. */
  label(labels: Readonly<Record<string, string>>): void {
    this.#labels = labels;
  }

  /**
   * Sends from now on, and what has waited for it.
   *
   * @param delivery Null: there are no sinks.
   */
  sendTo(delivery: AlertDelivery | null): void {
    const early = this.#early ?? [];
    this.#early = null;
    this.#delivery = delivery;
    this.#send(early.map((body) => ({ body, row: null })));
  }

  /**
   * Resolves when everything so far has been shown, and is in the queue on the disk, or it was said why not.
   *
   * @throws {Error} When messages wait for their sinks.
   */
  async settled(): Promise<void> {
    if (this.#early !== null && this.#early.length > 0) throw new Error("messages wait for sinks");
    await this.shown();
    await Promise.all(this.#sending);
  }

  /** Resolves when everything so far has been shown. */
  async shown(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.settled?.()));
  }

  #send(alerts: readonly RowAlert[]): void {
    if (alerts.length === 0) return;
    const bodies = alerts.map(({ body }) => body);
    if (this.#early !== null) this.#early.push(...bodies);
    else if (this.#delivery !== null) this.#track(this.#delivery.sendBodies(bodies));
  }

  #track(sent: Promise<void>): void {
    const told = sent
      .then(
        () => {
          this.#isTaken = true;
        },
        (error: Error) => {
          if (this.#isTaken)
            this.#say(`messages can't be kept, and go out from memory: ${error.message}`);
          this.#isTaken = false;
        },
      )
      .finally(() => this.#sending.delete(told));
    this.#sending.add(told);
  }
}

function bodyOf(hosted: HostedBuffer, event: AlertEvent): AlertBody {
  return alertBody(event, shownPlan(hosted), hosted.pipeline.keys);
}
