import type { ChalkInstance } from "chalk";
import type { Painter } from "../../io/sinks/console/alert-line.ts";

/** Colours of the lines of a `console` sink. */
export function sinkPainter(color: ChalkInstance): Painter {
  const severities = { info: color.cyan, warning: color.yellow, critical: color.red.bold };
  return {
    severity: (severity, text) => severities[severity](text),
    resolved: (text) => color.green(text),
    faint: (text) => color.dim(text),
  };
}
