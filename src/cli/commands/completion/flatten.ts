import type { DescribedCommand } from "./describe.ts";

/** A command and all below it, each before its own. */
export function flatten(command: DescribedCommand): DescribedCommand[] {
  return [command, ...command.commands.flatMap(flatten)];
}
