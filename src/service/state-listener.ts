import type { AlertEvent, Episode } from "../core/alerts/alert-event.ts";
import type { Command } from "./commands.ts";
import type { HostedBuffer } from "./registry.ts";
import type { Ran } from "./scoring/row-results.ts";

/** Who wants to know what happens, at once. Must not change the hub. */
export interface StateListener {
  /** A command was executed and has changed something: executed again, it would do the same. */
  executed?(command: Command): void;
  /** Rows ran through a pipeline; the arrays are overwritten by its next append but one. */
  rows?(pipeline: HostedBuffer, ran: Ran): void;
  /** Time brought this without a row. */
  due?(pipeline: HostedBuffer, events: readonly AlertEvent[], episodes: readonly Episode[]): void;
}
