import type { AlertEvent, Episode } from "../core/alerts/alert-event.ts";
import type { Command } from "./commands.ts";
import type { ScoredRows } from "./effects.ts";
import type { HostedBuffer } from "./registry.ts";

/** Observes executed commands, synchronously. Must not change the state machine. */
export interface StateListener {
  /** A command has changed the state; called after the calls for its effect. */
  executed?(command: Command): void;
  /** See {@link RowsEffect}. */
  rows?(hosted: HostedBuffer, rows: ScoredRows): void;
  /** See {@link DueEffect}. */
  due?(hosted: HostedBuffer, events: readonly AlertEvent[], episodes: readonly Episode[]): void;
}
