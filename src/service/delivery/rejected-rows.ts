import { RejectedLines } from "../../io/rejected-lines.ts";
import type { OpenEvents } from "../../state/open-events.ts";
import type { Command, StateListener } from "../commands.ts";
import type { StateMachine } from "../state-machine.ts";
import type { AlertDispatch } from "./alert-dispatch.ts";

/** Sends an operational message when most rows that a pipeline gets over HTTP are rejected. */
export class RejectedRows implements StateListener {
  readonly #machine: StateMachine;
  readonly #dispatch: AlertDispatch;
  readonly #open: OpenEvents;
  readonly #pipelines = new Map<string, RejectedLines>();

  /** @param open The messages of the last run, by pipeline; updated. */
  constructor(machine: StateMachine, dispatch: AlertDispatch, open: OpenEvents) {
    this.#machine = machine;
    this.#dispatch = dispatch;
    this.#open = open;
  }

  /** The rejected rows of a pipeline. */
  of(name: string): RejectedLines {
    const known = this.#pipelines.get(name);
    if (known !== undefined) return known;
    const created = new RejectedLines({
      ...{ pipeline: name, stem: name, name, open: this.#open },
      send: (event) => this.#dispatch.ops(event, this.#machine.pipeline(name)),
    });
    this.#pipelines.set(name, created);
    return created;
  }

  executed(command: Command): void {
    if (command.kind !== "delete_pipeline") return;
    this.#pipelines.delete(command.name);
    this.#open.delete(command.name);
    this.#open.save();
  }
}
