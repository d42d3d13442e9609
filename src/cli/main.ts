import { readFile } from "node:fs/promises";
import { CommanderError } from "commander";
import { IotmonError } from "../core/errors.ts";
import type { CliContext, GlobalOptions } from "./context.ts";
import { EXIT, exitCodeOf } from "./exit-code.ts";
import { createProgram } from "./program.ts";

/**
 * Runs one command line to its end; never throws, and never ends the process.
 *
 * @param args Without the names of node and of the program.
 * @returns The exit code.
 */
export async function main(args: readonly string[], context: CliContext): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = createProgram({
    context,
    version: await readVersion(),
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
    await report(error, program.opts<GlobalOptions>(), context);
    return error instanceof IotmonError ? exitCodeOf(error.code) : EXIT.bug;
  }
}

/** The reader of our output has gone, or the user has asked to stop. */
function isQuiet(error: unknown, { signal }: CliContext): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === "EPIPE" || (signal.aborted && error.name === "AbortError");
}

async function report(
  error: unknown,
  { color }: GlobalOptions,
  { stderr, env }: CliContext,
): Promise<void> {
  const { createChalk } = await import("./render/color.ts");
  const { renderError } = await import("./render/error.ts");
  stderr.write(renderError(error, createChalk(stderr, env, color), env["IOTMON_DEBUG"] === "1"));
}

async function readVersion(): Promise<string> {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
