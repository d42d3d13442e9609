import { resolve } from "node:path";
import type { LoadedPipeline } from "../../../config/loaded-pipeline.ts";
import { statePath } from "../../../config/state-path.ts";
import { listNames } from "../../../config/suggest.ts";
import type { AlertEvent } from "../../../core/alerts/alert-event.ts";
import { IotmonError } from "../../../core/errors.ts";
import type { OpsEvent } from "../../../io/messages/message-fields.ts";
import { opsBody } from "../../../io/messages/ops-body.ts";
import {
  AlertDelivery,
  alertBodies,
  type MessageOrigin,
} from "../../../io/outbox/alert-delivery.ts";
import { sinkTypes } from "../../../io/sinks/registry.ts";
import type { CliContext } from "../../context.ts";
import { openSinks, withoutOutputSinks } from "../../pipelines/open-sinks.ts";
import { plural } from "../../render/format.ts";
import type { ReplayOptions } from "./options.ts";

/** The outcome of sending. */
export interface Sent {
  /** Whether every message has reached all its sinks. */
  readonly isComplete: boolean;
  /** For the user, a line each. */
  readonly lines: readonly string[];
}

/**
 * Sends the alerts of a replay to the sinks. The queue is in the state directory of the pipeline: an
 * interrupted replay continues when it is started again, and sends nothing twice.
 */
export class ReplaySender {
  readonly #path: string;
  readonly #delivery: AlertDelivery;
  readonly #deadBefore: number;

  private constructor(path: string, delivery: AlertDelivery) {
    this.#path = path;
    this.#delivery = delivery;
    this.#deadBefore = sum(delivery, "dead");
  }

  /**
   * @param log Takes delivery problems, one line each.
   * @throws {IotmonError} `ERR_USAGE` when the pipeline has no sink to send to, `ERR_STATE` when another process
   * uses the state directory, and as `createSinks`.
   */
  static async open(
    pipeline: LoadedPipeline | null,
    options: Pick<ReplayOptions, "state" | "color">,
    context: CliContext,
    log: (line: string) => void,
  ): Promise<ReplaySender> {
    const sending = requireSinks(pipeline);
    const path = options.state ?? statePath(sending);
    const sinks = await openSinks(sending, options, context);
    const delivery = new AlertDelivery(log);
    await delivery.openIn(resolve(context.cwd, path), sinks);
    return new ReplaySender(path, delivery);
  }

  /** Resolves when the messages are stored. @throws {IotmonError} `ERR_IO` when the disk can't store them. */
  send(events: readonly AlertEvent[], origin: MessageOrigin): Promise<void> {
    return this.#delivery.store(alertBodies(events, origin));
  }

  /** As {@link send}, for operational messages. @param labels Those of the pipeline's alerts. */
  sendOps(events: readonly OpsEvent[], labels: Readonly<Record<string, string>>): Promise<void> {
    return this.#delivery.store(events.map((event) => opsBody(event, labels)));
  }

  /** Waits for receivers, at most until the signal is aborted, and returns the outcome. */
  async finish(signal: AbortSignal): Promise<Sent> {
    await this.#delivery.drain(signal);
    const dead = sum(this.#delivery, "dead") - this.#deadBefore;
    const pending = sum(this.#delivery, "pending");
    const lines = [...this.#delivery.stats()].map(
      ([name, { delivered, retried }]) =>
        `sent to ${name}: ${plural(delivered, "message")}` +
        (retried > 0 ? `, ${plural(retried, "attempt")} repeated` : ""),
    );
    if (dead > 0) {
      const where = `iotmon dead-letters list --state ${this.#path}`;
      lines.push(`${plural(dead, "message")} became dead letters; see ${where}`);
    }
    if (pending > 0) {
      const again = "run the same command again to send them";
      lines.push(
        `${plural(pending, "message")} not delivered yet, kept in ${this.#path}; ${again}`,
      );
    }
    return { isComplete: pending === 0 && dead === 0, lines };
  }

  /** Closes the queue. Pending messages stay on disk. */
  async close(): Promise<void> {
    await this.#delivery.close();
  }
}

function sum(delivery: AlertDelivery, what: "dead" | "pending"): number {
  return [...delivery.stats().values()].reduce((total, stats) => total + stats[what], 0);
}

/** Types of sinks that `--send` can send to. */
const SENDING = sinkTypes.filter(({ target }) => target !== "output").map(({ type }) => type);

/** The pipeline with the sinks that get messages. */
function requireSinks(pipeline: LoadedPipeline | null): LoadedPipeline {
  if (pipeline === null) {
    throw new IotmonError("ERR_USAGE", "--send needs a pipeline with sinks", {
      hint: "Add -p PIPELINE with a sinks section",
    });
  }
  const sending = withoutOutputSinks(pipeline);
  if (sending.config.sinks.length === 0) {
    throw new IotmonError("ERR_USAGE", "--send: the pipeline has no sink to send to", {
      at: pipeline.label,
      hint: `Add one under sinks: ${listNames(SENDING)}`,
    });
  }
  return sending;
}
