import type { AnyCommand } from "../options/table.ts";
import { checkCommand } from "./check/command.ts";
import { completionCommand } from "./completion/command.ts";
import { deadLetterCommands } from "./dead-letters/command.ts";
import { initCommand } from "./init/command.ts";
import { portsCommand } from "./ports/command.ts";
import { replayCommand } from "./replay/command.ts";
import { schemaCommand } from "./schema/command.ts";
import { serveCommand } from "./serve/command.ts";
import { stateCommands } from "./state/command.ts";
import { testCommand } from "./test/command.ts";
import { watchCommand } from "./watch/command.ts";
import { webhookCommands } from "./webhook/command.ts";

/** Every command, in the order of the help. */
export const COMMANDS: readonly AnyCommand[] = [
  replayCommand,
  watchCommand,
  portsCommand,
  serveCommand,
  checkCommand,
  testCommand,
  schemaCommand,
  initCommand,
  webhookCommands,
  deadLetterCommands,
  stateCommands,
  completionCommand,
];
