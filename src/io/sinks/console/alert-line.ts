import type { Severity } from "../../../core/alerts/severity.ts";
import { type TimeDisplay, UTC_TIMES } from "../../../core/timestamp/time-display.ts";
import type { AlertBody } from "../../messages/alert-schema.ts";
import { printable } from "../../messages/printable.ts";
import { spanText } from "../../messages/span-text.ts";

/** Colours parts of a line; returns them unchanged for a stream without colours. */
export interface Painter {
  severity(severity: Severity, text: string): string;
  /** For ended episodes. */
  resolved(text: string): string;
  /** For less important parts. */
  faint(text: string): string;
}

const STATE_WIDTH = "critical".length;

/**
 * A message as one line for people, without its end:
 * `2013-12-02 21:15:00 critical pump-1 anomaly: value 2.08 low (usually 71.3..98, typical 84.1)`.
 */
export function alertLine(
  body: AlertBody,
  painter: Painter,
  times: TimeDisplay = UTC_TIMES,
): string {
  const { status, severity, sensor_id: sensor, suppressed } = body;
  const state = (status === "resolved" ? status : severity).padEnd(STATE_WIDTH);
  const painted =
    status === "resolved" ? painter.resolved(state) : painter.severity(severity, state);
  const why = withoutSubject(body.explanation.summary, sensor);
  const suppressions = suppressed > 0 ? [painter.faint(`(${suppressed} suppressed before)`)] : [];
  return [
    painter.faint(times.text(Date.parse(body.timestamp))),
    painted,
    printable(sensor),
    `${printable(body.detector)}:`,
    [...history(body, times), printable(why)].join("; "),
    ...suppressions,
  ].join(" ");
}

function history(
  { status, previous_severity: before, started_at, resolved_at }: AlertBody,
  times: TimeDisplay,
) {
  if (status === "escalated") return [`was ${before ?? "milder"}`];
  if (status === "repeated") return [`still on since ${times.text(Date.parse(started_at))}`];
  if (resolved_at === null) return [];
  return [`lasted ${spanText(Date.parse(resolved_at) - Date.parse(started_at))}`];
}

/** The summary without the sensor at its start, which the line already has. */
function withoutSubject(summary: string, sensor: string): string {
  const start = `${sensor}: `;
  return summary.startsWith(start) ? summary.slice(start.length) : summary;
}
