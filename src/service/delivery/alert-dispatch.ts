import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { AlertEvent } from "../../core/alerts/alert-event.ts";
import type { AlertBody } from "../../io/messages/alert-schema.ts";
import type { OpsEvent } from "../../io/messages/message-fields.ts";
import { opsBody } from "../../io/messages/ops-body.ts";
import { AlertDelivery, alertBodies } from "../../io/outbox/alert-delivery.ts";
import type { OutboxSink } from "../../io/outbox/outbox-options.ts";
import type { SinkStats } from "../../io/outbox/sink-stats.ts";
import type { SinkChange } from "../../io/outbox/sink-worker/sink-health.ts";
import type { StateListener } from "../commands.ts";
import type { ScoredRows } from "../effects.ts";
import { messageOrigin } from "../queries/shown-plan.ts";
import type { HostedBuffer } from "../registry.ts";

/** Folder in the state directory of `serve`; holds a state directory for each pipeline with sinks. */
const FOLDER = "delivery";

/** Takes a sentence about the delivery of a pipeline, and the change of a sink that it is about. */
type ReportPipelineDelivery = (pipeline: string, text: string, change?: SinkChange) => void;

/** The delivery of one pipeline. */
interface Delivery {
  readonly delivery: AlertDelivery;
  /** Changes of its sinks that are not done yet. They run one after the other. */
  changes: number;
  changed: Promise<void>;
}

/**
 * Sends the alerts of all pipelines to their sinks. Each pipeline has an outbox of its own, so sink names
 * can't clash and a receiver that hangs delays no other pipeline. Appends never wait for delivery.
 */
export class AlertDispatch implements StateListener {
  readonly #path: string;
  readonly #report: ReportPipelineDelivery;
  readonly #deliveries = new Map<string, Delivery>();
  readonly #opsListeners: ((body: AlertBody) => void)[] = [];
  /** Messages about the running of a pipeline before there is a listener. */
  readonly #unheard: AlertBody[] = [];

  /**
   * @param path State directory of `serve`.
   * @param report Receives lines for the operator.
   */
  constructor(path: string, report: ReportPipelineDelivery) {
    this.#path = path;
    this.#report = report;
  }

  rows(hosted: HostedBuffer, { output }: ScoredRows): void {
    this.#send(hosted, output.events);
  }

  due(hosted: HostedBuffer, events: readonly AlertEvent[]): void {
    this.#send(hosted, events);
  }

  /**
   * Sets the sinks of a pipeline. Pending messages for a sink that it no longer has become dead letters.
   *
   * @param labels `alerts.labels` of the pipeline, for messages about its sinks.
   * @throws {IotmonError} As `AlertDelivery.openIn`; then the pipeline has no sinks.
   */
  async configure(
    name: string,
    sinks: readonly OutboxSink[],
    labels: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    await this.#change(name, async (delivery) => {
      await delivery.close();
      try {
        const path = join(this.#path, FOLDER, name);
        // without sinks it only ends the messages of earlier ones
        if (sinks.length > 0 || existsSync(path)) {
          const shown = (body: AlertBody): void => this.#notify(body);
          await delivery.openIn(path, sinks, { pipeline: name, labels, shown });
        }
        if (sinks.length === 0) await delivery.close();
      } finally {
        if (delivery.stats().size === 0) delivery.discard();
      }
    });
  }

  /** The sinks of a pipeline are unknown for now: drops its messages to come, and keeps the pending ones on disk. */
  async suspend(name: string): Promise<void> {
    await this.#change(name, async (delivery) => {
      await delivery.close();
      delivery.discard();
    });
  }

  /** A sentence about a disabled sink of a pipeline; null: none is disabled. */
  problem(name: string): string | null {
    return this.#deliveries.get(name)?.delivery.problem ?? null;
  }

  /** Sends a message about the running of a pipeline to its sinks and the listeners; a buffer has neither. */
  ops(event: OpsEvent, { config, definition }: HostedBuffer): void {
    if (config === null) return;
    const { name } = definition;
    const { delivery } = this.#of(name);
    const body = opsBody(event, config.alerts.labels);
    this.#notify(body);
    this.#report(name, `${event.event} of ${event.subject} ${event.status}: ${event.detail}`);
    if (!delivery.isDiscarding) delivery.send([body]);
  }

  /** @param listener Takes each message about the running of a pipeline; the first one also those before. */
  listenOps(listener: (body: AlertBody) => void): void {
    for (const body of this.#unheard.splice(0)) listener(body);
    this.#opsListeners.push(listener);
  }

  /** The state of each sink by name, of each pipeline by name. */
  stats(): ReadonlyMap<string, ReadonlyMap<string, SinkStats>> {
    return new Map([...this.#deliveries].map(([name, { delivery }]) => [name, delivery.stats()]));
  }

  /** Ends the delivery of a deleted pipeline: its pending messages become dead letters. Reports errors of the disk. */
  async remove(name: string): Promise<void> {
    await this.#end(name, async (delivery) => {
      await delivery.close();
      const path = join(this.#path, FOLDER, name);
      if (existsSync(path)) await delivery.openIn(path, []);
      await delivery.close();
    }).catch((error: Error) => {
      this.#report(name, `its messages stay in the queue until the next start: ${error.message}`);
    });
  }

  /**
   * Ends the messages of pipelines that no longer exist, for example after a crash during a deletion.
   *
   * @param present Names of all pipelines.
   */
  async removeOthers(present: readonly string[]): Promise<void> {
    const path = join(this.#path, FOLDER);
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.isDirectory() && !present.includes(entry.name)) await this.remove(entry.name);
    }
  }

  /** Resolves when every alert so far is stored, or its failure is reported. */
  async settled(): Promise<void> {
    await Promise.all([...this.#deliveries.values()].map(({ delivery }) => delivery.settled()));
  }

  /** Stops. Pending messages stay on disk. */
  async close(): Promise<void> {
    const close = (delivery: AlertDelivery): Promise<void> => delivery.close();
    await Promise.all([...this.#deliveries.keys()].map((name) => this.#end(name, close)));
  }

  #send(hosted: HostedBuffer, events: readonly AlertEvent[]): void {
    if (events.length === 0 || hosted.config === null) return; // a buffer has scores only
    const { delivery } = this.#of(hosted.definition.name);
    if (!delivery.isDiscarding) delivery.send(alertBodies(events, messageOrigin(hosted)));
  }

  #notify(body: AlertBody): void {
    if (this.#opsListeners.length === 0) this.#unheard.push(body);
    for (const listener of this.#opsListeners) listener(body);
  }

  #of(name: string): Delivery {
    const known = this.#deliveries.get(name);
    if (known !== undefined) return known;
    const created: Delivery = {
      delivery: new AlertDelivery((text, change) => this.#report(name, text, change)),
      changes: 0,
      changed: Promise.resolve(),
    };
    this.#deliveries.set(name, created);
    return created;
  }

  async #end(name: string, end: (delivery: AlertDelivery) => Promise<void>): Promise<void> {
    try {
      await this.#change(name, end);
    } finally {
      if (this.#deliveries.get(name)?.changes === 0) this.#deliveries.delete(name);
    }
  }

  async #change(name: string, change: (delivery: AlertDelivery) => Promise<void>): Promise<void> {
    const own = this.#of(name);
    own.changes += 1;
    const changed = own.changed
      .then(() => change(own.delivery))
      .finally(() => {
        own.changes -= 1;
      });
    own.changed = changed.catch(() => {});
    await changed;
  }
}
