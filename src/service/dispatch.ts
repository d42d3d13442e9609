import { join } from "node:path";
import type { ConfiguredSink } from "../config/create-sinks.ts";
import type { AlertEvent } from "../core/alerts/alert-event.ts";
import type { SinkStats } from "../io/outbox/sink-stats.ts";
import { StateDirectory } from "../state/state-directory.ts";
import { AlertDelivery } from "./delivery.ts";
import { shownPlan } from "./queries/shown-plan.ts";
import type { HostedBuffer } from "./registry.ts";
import type { Ran } from "./scoring/row-results.ts";
import type { StateListener } from "./state-listener.ts";

/** Folder in the state directory of `serve` that holds a queue for each pipeline. */
const FOLDER = "delivery";

/** Where the queue of a pipeline lies: a state directory of its own, for `dead-letters` too. */
function deliveryPath(state: string, pipeline: string): string {
  return join(state, FOLDER, pipeline);
}

/** A queue that is open. */
interface Queue {
  readonly state: StateDirectory;
  readonly delivery: AlertDelivery;
}

/**
 * Takes the alerts of all pipelines of a hub to their sinks. Each pipeline has a queue of its own, so names of sinks
 * can't clash and a receiver that hangs holds up nobody else. Nothing here is waited for by those who
 * append rows.
 */
export class AlertDispatch implements StateListener {
  readonly #path: string;
  readonly #say: (line: string) => void;
  /** What is to be done next with the queue of a pipeline comes after what was asked before. */
  readonly #queues = new Map<string, Promise<Queue | null>>();
  readonly #sending = new Set<Promise<void>>();
  readonly #open = new Map<string, Queue>();
  /** Alerts of pipelines that are not configured yet, when the journal is executed again at the start. */
  readonly #early = new Map<string, ((queue: Queue | null) => Promise<void>)[]>();

  /**
   * @param path State directory of `serve`.
   * @param say Takes what an operator should know, a line each.
   */
  constructor(path: string, say: (line: string) => void) {
    this.#path = path;
    this.#say = say;
  }

  rows(hosted: HostedBuffer, { output }: Ran): void {
    this.due(hosted, output.events);
  }

  due(hosted: HostedBuffer, events: readonly AlertEvent[]): void {
    if (events.length === 0 || hosted.config === null) return; // buffers have scores only
    const { name } = hosted.definition;
    const { keys } = hosted.pipeline;
    const plan = shownPlan(hosted);
    const send = async (queue: Queue | null): Promise<void> => {
      try {
        await queue?.delivery.send(events, { plan, keys });
      } catch (error) {
        this.#say(`${name}: ${(error as Error).message}`);
      }
    };
    const queue = this.#queues.get(name);
    if (queue !== undefined) this.#track(queue.then(send));
    else this.#early.set(name, [...(this.#early.get(name) ?? []), send]);
  }

  /**
   * Gives a pipeline these sinks. What is pending for one that it does not have any more goes to the dead
   * letters.
   *
   * @throws {IotmonError} As `StateDirectory.open` and `AlertDelivery.open`; then it has none.
   */
  async configure(name: string, sinks: readonly ConfiguredSink[]): Promise<void> {
    await this.#next(name, () => (sinks.length === 0 ? null : this.#openQueue(name, sinks)));
    const queue = this.#open.get(name) ?? null;
    const early = this.#early.get(name) ?? [];
    this.#early.delete(name);
    await Promise.all(early.map((send) => send(queue)));
  }

  /** Ends the delivery of a pipeline that is gone; what is pending stays on the disk. */
  async remove(name: string): Promise<void> {
    await this.#next(name, () => null);
    this.#queues.delete(name);
    this.#early.delete(name);
  }

  /** Resolves when every alert so far is in its queue on the disk, or it was said why not. */
  async settled(): Promise<void> {
    await Promise.all(this.#sending);
  }

  /** How each sink is doing: by pipeline, by name. */
  stats(): ReadonlyMap<string, ReadonlyMap<string, SinkStats>> {
    return new Map([...this.#open].map(([name, { delivery }]) => [name, delivery.stats()]));
  }

  /** Stops; what is pending stays on the disk. */
  async close(): Promise<void> {
    await Promise.all([...this.#queues.keys()].map((name) => this.remove(name)));
  }

  #track(sent: Promise<void>): void {
    this.#sending.add(sent);
    void sent.finally(() => this.#sending.delete(sent));
  }

  async #next(name: string, open: () => Promise<Queue> | null): Promise<void> {
    const before = this.#queues.get(name) ?? Promise.resolve(null);
    const next = before
      .then(() => this.#close(name))
      .then(open)
      .then((queue) => {
        if (queue !== null) this.#open.set(name, queue);
        return queue;
      });
    // those who send meanwhile are told by configure, not once a message
    this.#queues.set(
      name,
      next.catch(() => null),
    );
    await next;
  }

  async #openQueue(name: string, sinks: readonly ConfiguredSink[]): Promise<Queue> {
    const say = (line: string): void => this.#say(`${name}: ${line}`);
    const path = deliveryPath(this.#path, name);
    const state = await StateDirectory.open(path, ({ message }) => say(message));
    try {
      return { state, delivery: await AlertDelivery.open(state, sinks, say) };
    } catch (error) {
      await state.close();
      throw error;
    }
  }

  async #close(name: string): Promise<void> {
    const queue = this.#open.get(name);
    this.#open.delete(name);
    await queue?.delivery.close();
    await queue?.state.close();
  }
}
