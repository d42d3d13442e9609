import type { CliContext } from "../../context.ts";
import { EXIT } from "../../exit-code.ts";
import type { AnyCommand } from "../../options/table.ts";
import { bashCompletion } from "./bash.ts";
import { describeProgram } from "./describe.ts";
import { fishCompletion } from "./fish.ts";
import { zshCompletion } from "./zsh.ts";

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** Shells that `completion` supports. */
export type CompletionShell = keyof typeof scripts;

/** `iotmon completion`. @returns The exit code. */
export async function runCompletion(
  shell: CompletionShell,
  commands: readonly AnyCommand[],
  { stdout }: CliContext,
): Promise<number> {
  stdout.write(scripts[shell](await describeProgram(commands)));
  return EXIT.ok;
}
