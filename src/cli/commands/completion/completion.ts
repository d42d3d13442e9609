import type { Command } from "commander";
import type { CliContext } from "../../context.ts";
import { EXIT } from "../../exit-code.ts";
import { bashCompletion } from "./bash.ts";
import { type DescribedCommand, describeCommand } from "./describe.ts";
import { fishCompletion } from "./fish.ts";
import { zshCompletion } from "./zsh.ts";

const scripts = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
} as const satisfies Record<string, (program: DescribedCommand) => string>;

/** Shells that there are completions for. */
export type CompletionShell = keyof typeof scripts;

/** `iotmon completion`. @returns The exit code. */
export async function runCompletion(
  shell: CompletionShell,
  program: Command,
  { stdout }: CliContext,
): Promise<number> {
  stdout.write(scripts[shell](describeCommand(program)));
  return EXIT.ok;
}
