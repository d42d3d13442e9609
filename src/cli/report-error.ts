import { IotmonError } from "../core/errors.ts";
import type { CliContext, GlobalOptions } from "./context.ts";
import { EXIT, exitCodeOf } from "./exit-code.ts";

/** Tells an error on stderr. @returns The exit code that goes with it. */
export async function reportError(
  error: unknown,
  { color }: GlobalOptions,
  { stderr, env }: Pick<CliContext, "stderr" | "env">,
): Promise<number> {
  const { createChalk } = await import("./render/color.ts");
  const { renderError } = await import("./render/error.ts");
  stderr.write(renderError(error, createChalk(stderr, env, color), env["IOTMON_DEBUG"] === "1"));
  return error instanceof IotmonError ? exitCodeOf(error.code) : EXIT.bug;
}
