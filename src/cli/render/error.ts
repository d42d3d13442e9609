import type { ChalkInstance } from "chalk";
import { type Fault, IotmonError } from "../../core/errors.ts";

/** Most faults told at once. */
const MAX_FAULTS = 50;

/**
 * An error for people: what, at which place, what to do. Every fault of several is a block of its
 * own. What is no {@link IotmonError} is a bug, and says so.
 *
 * @param debug Whether stacks and causes are shown.
 */
export function renderError(error: unknown, chalk: ChalkInstance, debug: boolean): string {
  if (!(error instanceof IotmonError)) return renderBug(error, chalk, debug);
  const { faults, message, at, hint } = error;
  const told: readonly Fault[] =
    faults.length > 0 ? faults.slice(0, MAX_FAULTS) : [{ at: at ?? "", message, hint }];
  const blocks = told.map((fault) => renderFault("error", fault, chalk));
  const more = faults.length - told.length;
  if (more > 0) blocks.push(`${chalk.red.bold("error:")} ... and ${more} more\n`);
  return blocks.join("") + (debug ? `${error.stack}\n` : "");
}

/** One fault or warning, one to three lines. */
export function renderFault(
  kind: "error" | "warning",
  { at, message, hint }: Fault,
  chalk: ChalkInstance,
): string {
  const label = kind === "error" ? chalk.red.bold("error:") : chalk.yellow.bold("warning:");
  const lines = [
    `${label} ${message}`,
    ...(at === "" ? [] : [`  at ${chalk.cyan(at)}`]),
    ...(hint === undefined ? [] : [`  ${hint}`]),
  ];
  return `${lines.join("\n")}\n`;
}

function renderBug(error: unknown, chalk: ChalkInstance, debug: boolean): string {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const line = `${chalk.red.bold("error:")} iotmon has a bug: ${what.split("\n", 1)[0]}\n`;
  if (debug) return `${line}${error instanceof Error ? error.stack : ""}\n`;
  return `${line}  Please report it with the command you ran and the output of IOTMON_DEBUG=1\n`;
}
