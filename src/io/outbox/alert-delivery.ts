import type { AlertEvent } from "../../core/alerts/alert-event.ts";
import type { KeyTable } from "../../core/key-table.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import { StateDirectory } from "../../state/state-directory.ts";
import { alertBody } from "../messages/alert-body.ts";
import type { AlertBody } from "../messages/alert-schema.ts";
import { damageEvent } from "../messages/damage-event.ts";
import { opsBody } from "../messages/ops-body.ts";
import { Outbox } from "./outbox.ts";
import type { OutboxSink } from "./outbox-options.ts";
import type { SinkAlertsAbout } from "./sink-alerts.ts";
import type { SinkStats } from "./sink-stats.ts";
import type { ReportDelivery } from "./sink-worker/sink-health.ts";

/** The plan and the keys that the codes in an alert event refer to. */
export interface MessageOrigin {
  readonly plan: EnginePlan;
  readonly keys: KeyTable;
}

/** The message bodies of alert events, in order. */
export function alertBodies(
  events: readonly AlertEvent[],
  { plan, keys }: MessageOrigin,
): readonly AlertBody[] {
  return events.map((event) => alertBody(event, plan, keys));
}

/**
 * The path of one pipeline's messages to its sinks, for every command that sends: a body goes into the
 * outbox, and from there to the sinks. Holds messages in memory until {@link open} or {@link discard}.
 */
export class AlertDelivery {
  readonly #report: ReportDelivery;
  /** Messages that arrived before the sinks were known; null once they are known. */
  #held: AlertBody[] | null = [];
  #outbox: Outbox | null = null;
  #ownState: StateDirectory | null = null;
  readonly #storing = new Set<Promise<void>>();
  /** Whether the last message could not be stored: one failure is reported per outage. */
  #isRefused = false;

  /** @param report Takes what an operator should know. */
  constructor(report: ReportDelivery) {
    this.#report = report;
  }

  /**
   * Delivers to these sinks from now on: the pending messages of the state directory, the held ones, and
   * those to come.
   *
   * @param alerts From whom the other sinks learn that a sink fails; undefined: they do not.
   * @throws {IotmonError} As `Outbox.open`.
   */
  async open(
    state: StateDirectory,
    sinks: readonly OutboxSink[],
    alerts?: SinkAlertsAbout,
  ): Promise<void> {
    this.#outbox = await Outbox.open({ state, sinks, alerts, report: this.#report });
    this.#release();
  }

  /**
   * As {@link open}, with a state directory that belongs to this delivery and closes with it.
   *
   * @param alerts Also from whom the sinks learn of damage in the state directory.
   * @throws {IotmonError} As `StateDirectory.open` and `Outbox.open`.
   */
  async openIn(
    path: string,
    sinks: readonly OutboxSink[],
    alerts?: SinkAlertsAbout,
  ): Promise<void> {
    const state = await StateDirectory.open(path, ({ at, message }) => {
      this.#report(`${at}: ${message}`);
    });
    try {
      await this.open(state, sinks, alerts);
      this.#ownState = state;
      if (alerts !== undefined) this.#sendDamage(state, alerts);
    } catch (error) {
      await state.close();
      throw error;
    }
  }

  /** There are no sinks: drops the held messages and those to come. */
  discard(): void {
    this.#held = null;
  }

  /** Whether messages are dropped, as there are no sinks. */
  get isDiscarding(): boolean {
    return this.#held === null && this.#outbox === null;
  }

  /** Whether messages wait for their sinks to be known. */
  get isHolding(): boolean {
    return this.#held !== null && this.#held.length > 0;
  }

  /** Sends messages and returns at once; reports when they can't be stored. */
  send(bodies: readonly AlertBody[]): void {
    if (bodies.length === 0 || this.isDiscarding) return;
    if (this.#held !== null) {
      this.#held.push(...bodies);
      return;
    }
    const stored = this.store(bodies)
      .then(
        () => {
          this.#isRefused = false;
        },
        (error: Error) => {
          if (!this.#isRefused) {
            this.#report(`messages can't be stored and go out from memory: ${error.message}`);
          }
          this.#isRefused = true;
        },
      )
      .finally(() => this.#storing.delete(stored));
    this.#storing.add(stored);
  }

  /**
   * Sends messages to open sinks. Resolves when they are stored; never waits for a receiver.
   *
   * @throws {IotmonError} As `Outbox.enqueue`.
   */
  async store(bodies: readonly AlertBody[]): Promise<void> {
    await Promise.all(
      bodies.map((body) => this.#outbox?.enqueue({ body, json: JSON.stringify(body) })),
    );
  }

  /** Resolves when each message of {@link send} so far is stored, or its failure is reported. */
  async settled(): Promise<void> {
    await Promise.all(this.#storing);
  }

  /** The state of each sink, by name. */
  stats(): ReadonlyMap<string, SinkStats> {
    return this.#outbox?.stats() ?? new Map();
  }

  /** A sentence about a disabled sink, without its period; null: none is disabled. */
  get problem(): string | null {
    for (const [name, { disabled }] of this.stats()) {
      if (disabled !== null) return `the sink ${name} is disabled: ${disabled}`;
    }
    return null;
  }

  /** Resolves when nothing is pending, or the signal is aborted. */
  async drain(signal: AbortSignal): Promise<void> {
    await this.#outbox?.drain(signal);
  }

  /** Stops delivery. Pending messages stay on disk; new ones are held until the next {@link open}. */
  async close(): Promise<void> {
    const [outbox, state] = [this.#outbox, this.#ownState];
    this.#held = [];
    this.#outbox = null;
    this.#ownState = null;
    try {
      await outbox?.close();
    } finally {
      await state?.close();
    }
  }

  #sendDamage(state: StateDirectory, { pipeline, labels, shown }: SinkAlertsAbout): void {
    const event = damageEvent(pipeline, state.newDamages, Date.now());
    if (event === null) return;
    const body = opsBody(event, labels);
    shown?.(body);
    this.send([body]);
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    this.send(held);
  }
}
