import { Chalk, type ChalkInstance, supportsColor, supportsColorStderr } from "chalk";
import type { Painter } from "../../io/sinks/console/alert-line.ts";
import type { CliContext, OutputStream } from "../context.ts";

/**
 * Colours for one stream: those that its terminal can show, none for pipes and files, none with
 * `--no-color` or `NO_COLOR` (https://no-color.org: set and not empty).
 *
 * @param color False: `--no-color`.
 */
export function createChalk(
  stream: OutputStream,
  env: CliContext["env"],
  color: boolean,
): ChalkInstance {
  return new Chalk({ level: color && !env["NO_COLOR"] ? levelOf(stream) : 0 });
}

function levelOf(stream: OutputStream): 0 | 1 | 2 | 3 {
  if (stream === process.stdout) return supportsColor ? supportsColor.level : 0;
  if (stream === process.stderr) return supportsColorStderr ? supportsColorStderr.level : 0;
  return stream.isTTY === true ? 1 : 0;
}

/** Colours of the lines of a `console` sink. */
export function sinkPainter(color: ChalkInstance): Painter {
  const severities = { info: color.cyan, warning: color.yellow, critical: color.red.bold };
  return {
    severity: (severity, text) => severities[severity](text),
    resolved: (text) => color.green(text),
    faint: (text) => color.dim(text),
  };
}
