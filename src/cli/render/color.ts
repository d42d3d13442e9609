import { Chalk, type ChalkInstance, supportsColor, supportsColorStderr } from "chalk";
import type { Severity } from "../../core/alerts/severity.ts";
import type { Painter } from "../../io/sinks/console/alert-line.ts";
import type { CliContext, OutputStream } from "../context.ts";

/**
 * Colours for one stream: those that its terminal supports. Pipes and files get none. `--no-color` and
 * `NO_COLOR` (https://no-color.org: set and not empty) switch colours off.
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

const SEVERITY_COLORS: Record<Severity, (color: ChalkInstance) => ChalkInstance> = {
  info: (color) => color.cyan,
  warning: (color) => color.yellow,
  critical: (color) => color.red.bold,
};

/** A text in the colour of a severity. */
export function paintSeverity(severity: Severity, color: ChalkInstance, text: string): string {
  return SEVERITY_COLORS[severity](color)(text);
}

/** Colours for a `console` sink. */
export function sinkPainter(color: ChalkInstance): Painter {
  return {
    severity: (severity, text) => paintSeverity(severity, color, text),
    resolved: (text) => color.green(text),
    faint: (text) => color.dim(text),
  };
}
