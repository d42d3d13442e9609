import type { ChalkInstance } from "chalk";
import { type Fault, IotmonError } from "../../core/errors.ts";
import { visibleText } from "../../core/visible-text.ts";

/** Maximum number of faults shown. */
const MAX_FAULTS = 50;

/**
 * An error for people: the message, the place and a hint. Each fault is a separate block. An error that
 * is not an {@link IotmonError} is reported as a bug.
 *
 * @param debug Whether to show stacks and causes.
 */
export function renderError(error: unknown, chalk: ChalkInstance, debug: boolean): string {
  if (!(error instanceof IotmonError)) return renderBug(error, chalk, debug);
  const { faults, message, at, hint } = error;
  const shown: readonly Fault[] =
    faults.length > 0 ? faults.slice(0, MAX_FAULTS) : [{ at: at ?? "", message, hint }];
  const blocks = shown.map((fault) => renderFault("error", fault, chalk));
  const more = faults.length - shown.length;
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
  return visibleText(`${lines.join("\n")}\n`);
}

function renderBug(error: unknown, chalk: ChalkInstance, debug: boolean): string {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const line = `${chalk.red.bold("error:")} iotmon has a bug: ${what.split("\n", 1)[0]}\n`;
  if (debug) return `${line}${error instanceof Error ? error.stack : ""}\n`;
  return `${line}  Please report it with the command you ran and the output of IOTMON_DEBUG=1\n`;
}
