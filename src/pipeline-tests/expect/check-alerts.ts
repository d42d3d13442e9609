import type { Path } from "../../config/document.ts";
import type { AlertExpectation, ExpectConfig, RowRange } from "../../config/schema/tests/expect.ts";
import { isoTime } from "../../core/timestamp/iso-time.ts";
import { formatDuration } from "../../core/units/duration.ts";
import type { Difference, Failure } from "../failure.ts";
import type { TestMessage, TestOutcome, TestScore } from "../run/outcome.ts";
import { checkCount, checkList, type ListRules } from "./check-list.ts";
import { fitsText } from "./check-subset.ts";

const ROWS_AROUND = 3;

/**
 * Checks `expect.alerts`. A number counts firing messages. A list must name all firing ones, and all of
 * another status once it names one of that status.
 */
export function checkAlerts(
  expected: NonNullable<ExpectConfig["alerts"]>,
  { messages, scores }: TestOutcome,
  path: Path,
): Failure[] {
  const rules: ListRules<AlertExpectation, TestMessage> = {
    path,
    noun: "alert",
    compare,
    mayBeMeant: (differences) =>
      !differences.some(({ path: [field] }) =>
        ["status", "sensor", "detector"].includes(`${field}`),
      ),
    isListed: ({ body }) =>
      body.status === "firing" ||
      (Array.isArray(expected) && expected.some(({ status }) => status === body.status)),
    showExpected: (entry) => showAlert({ ...entry, rows: entry.row, within: entry.within ?? 0 }),
    showActual: ({ body, row, at }) =>
      showAlert({ ...body, sensor: body.sensor_id, rows: { from: row, to: row }, at, within: 0 }),
    write: writeAlert,
    nearby: (entry, message) => around(entry, message, scores),
  };
  if (expected === "none") return checkCount(expected, messages, rules);
  if (typeof expected === "number") {
    return checkCount(
      expected,
      messages.filter(({ body }) => body.status === "firing"),
      rules,
    );
  }
  return checkList(expected, messages, rules);
}

/** A message as an entry of `expect.alerts`. */
export function writeAlert({ body, row }: TestMessage): object {
  const { sensor_id: sensor, detector, status, severity } = body;
  return { row, sensor, detector, status, severity };
}

function compare(entry: AlertExpectation, { body, row, at }: TestMessage): readonly Difference[] {
  const { sensor, detector, severity, status, row: rows, at: time, within = 0, reasons } = entry;
  const found: Difference[] = [];
  const equal = (field: string, expected: string | undefined, actual: string): void => {
    if (expected === undefined || expected === actual) return;
    found.push({ path: [field], expected, actual, value: actual });
  };
  equal("status", status, body.status);
  equal("sensor", sensor, body.sensor_id);
  equal("detector", detector, body.detector);
  equal("severity", severity, body.severity);
  if (rows !== undefined && !(row >= rows.from && row <= rows.to)) {
    found.push({ path: ["row"], expected: showRows(rows), actual: `${row}`, value: row });
  }
  if (time !== undefined && Math.abs(at - time) > within) {
    const tolerance = within === 0 ? "" : ` within ${formatDuration(within)}`;
    const expected = `${iso(time)}${tolerance}`;
    found.push({ path: ["at"], expected, actual: iso(at), value: iso(at) });
  }
  const known = reasonsOf({ body, row, at });
  const missing = (reasons ?? []).filter(
    (reason) =>
      !body.explanation.rule?.includes(reason) &&
      ![...known, body.explanation.summary].some((text) => fitsText(reason, text)),
  );
  if (missing.length > 0) {
    const actual = known.join(", ");
    found.push({ path: ["reasons"], expected: missing.join(", "), actual, value: known });
  }
  return found;
}

function reasonsOf({ body: { explanation } }: TestMessage): readonly string[] {
  const { contributions, rule, novel } = explanation;
  if (rule !== null) return [rule];
  return [...new Set([...contributions.map(({ feature }) => feature), ...novel])];
}

/** Scores of the rows around the expected alert, or else around the actual one. */
function around(
  entry: AlertExpectation | null,
  message: TestMessage | null,
  scores: readonly TestScore[],
): readonly TestScore[] {
  const middle =
    entry?.row ?? (message === null ? undefined : { from: message.row, to: message.row });
  const sensor = entry?.sensor ?? message?.body.sensor_id;
  const detector = entry?.detector ?? message?.body.detector;
  if (middle === undefined) return [];
  return scores.filter(
    (score) =>
      score.row >= middle.from - ROWS_AROUND &&
      score.row <= Math.min(middle.to, middle.from + ROWS_AROUND) + ROWS_AROUND &&
      (sensor === undefined || score.sensor === sensor) &&
      (detector === undefined || score.detector === detector),
  );
}

function showAlert(alert: {
  readonly status: string;
  readonly severity?: string | undefined;
  readonly detector?: string | undefined;
  readonly sensor?: string | undefined;
  readonly rows?: RowRange | undefined;
  readonly at?: number | undefined;
  readonly within: number;
}): string {
  const { status, severity, detector, sensor, rows, at, within } = alert;
  const parts = [status, severity, detector, sensor === undefined ? undefined : `of ${sensor}`];
  if (rows !== undefined) parts.push(`at row ${showRows(rows)}`);
  if (at !== undefined) parts.push(`at ${iso(at)}`);
  if (within > 0) parts.push(`within ${formatDuration(within)}`);
  return parts.filter((part) => part !== undefined).join(" ");
}

function showRows({ from, to }: RowRange): string {
  return from === to ? `${from}` : `${from}..${to}`;
}

function iso(ms: number): string {
  return isoTime(ms).replace(".000Z", "Z");
}
