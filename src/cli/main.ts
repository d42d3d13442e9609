import { CommanderError } from "commander";
import type { CliContext, GlobalOptions } from "./context.ts";
import { EXIT, exitCodeOf } from "./exit-code.ts";
import { programVersion } from "./process/program-version.ts";
import { createProgram } from "./program.ts";
import { reportError } from "./report-error.ts";

/**
 * Runs one command line. Never throws, and never ends the process.
 *
 * @param args The words after the name of the program.
 * @returns The exit code.
 */
export async function main(args: readonly string[], context: CliContext): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = await createProgram({
    words: args,
    context,
    version: await programVersion(),
    done: (code) => {
      exitCode = code;
    },
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? EXIT.ok : exitCodeOf("ERR_USAGE");
    }
    if (isQuiet(error, context)) return EXIT.ok;
    return reportError(error, program.opts<GlobalOptions>(), context);
  }
}

/** Whether the reader of the output has closed the pipe, or the user has stopped the command. */
function isQuiet(error: unknown, { signal }: CliContext): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === "EPIPE" || (signal.aborted && error.name === "AbortError");
}
