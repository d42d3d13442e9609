import type { Answer, Command, CommandKind, Outcome } from "./commands.ts";

/** Executes commands and keeps them. */
export interface CommandLog {
  /**
   * Executes a command at once.
   *
   * @returns Its answer, once the command is as durable as configured.
   * @throws {CommandError} As `StateMachine.execute`; `unavailable`: nothing was executed; `unsafe`: the
   * command was executed and is not durable.
   */
  execute<K extends CommandKind>(command: TypedCommand<K>): Promise<Answer<K>>;
  /**
   * Like {@link execute}, for callers that need the effect too.
   *
   * @param read Called at once, before another command can overwrite the arrays of the effect.
   * @returns What `read` returned.
   */
  execute<K extends CommandKind, T>(
    command: TypedCommand<K>,
    read: (outcome: Outcome<K>) => T,
  ): Promise<T>;
}

/** A command of a known kind. */
export type TypedCommand<K extends CommandKind> = Command<K> & Command & { readonly kind: K };
