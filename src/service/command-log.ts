import type { StateMachine } from "./state-machine.ts";

/** The way to change a hub whose changes others keep. */
export interface CommandLog {
  /**
   * Changes the hub, at once and without anything in between.
   *
   * @param change What it gives back must not need the hub any more.
   * @param body JSON text that has the rows of its append: a list of them, or an object with `rows`.
   * @returns What `change` gave, once the change is as safe as asked for.
   * @throws {Refusal} As the hub's methods; `unsafe` when it can't be made safe.
   */
  run<T>(change: (hub: StateMachine) => T, body?: string): Promise<T>;
}
