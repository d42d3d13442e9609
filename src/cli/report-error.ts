import { IotmonError } from "../core/errors.ts";
import type { CliContext, GlobalOptions } from "./context.ts";
import { EXIT, exitCodeOf } from "./exit-code.ts";

/** Prints an error on stderr. @returns Its exit code. */
export async function reportError(
  error: unknown,
  { color }: Pick<GlobalOptions, "color">,
  { stderr, env }: Pick<CliContext, "stderr" | "env">,
): Promise<number> {
  const { createChalk } = await import("./render/color.ts");
  const { renderError } = await import("./render/error.ts");
  stderr.write(renderError(error, createChalk(stderr, env, color), env["IOTMON_DEBUG"] === "1"));
  return error instanceof IotmonError ? exitCodeOf(error.code) : EXIT.bug;
}
