import { formatAlertRate } from "../../../core/units/alert-rate.ts";
import { element } from "../../../page/client/dom.ts";
import { countText } from "../../../page/client/texts.ts";
import type { ReportData } from "../../data/report-data.ts";
import type { Result } from "../data/result.ts";
import { table } from "../table.ts";
import { percentText, plural, spanText } from "../texts.ts";
import type { ShownTimes } from "../times.ts";
import { labelTables } from "./label-tables.ts";

/** Input, results, and their quality against labels. */
export function summary(data: ReportData, result: Result, times: ShownTimes): HTMLElement {
  const rejected = Object.entries(result.reject_reasons);
  return element(
    "section",
    { class: "panel", id: "summary", "aria-labelledby": "summary-title" },
    element("h2", { id: "summary-title" }, "Summary"),
    facts(data, result, times),
    ...data.advice.map((text) => element("p", { class: "advice" }, text)),
    detectorTable(data, result),
    ...labelTables(data.label, result.labels, times),
    ...(rejected.length === 0 ? [] : [table("Rejected rows", ["Reason", "Rows"], rejected)]),
  );
}

function facts(data: ReportData, result: Result, times: ShownTimes): HTMLElement {
  const { from, to, alerts } = result;
  const count = alerts.info + alerts.warning + alerts.critical;
  const before = result.readings - result.reported;
  const span =
    from === null || to === null
      ? "none"
      : `${times.text(Date.parse(from))} to ${times.text(Date.parse(to))} ${times.name}`;
  const length = from === null || to === null ? "" : spanText(Date.parse(to) - Date.parse(from));
  return element(
    "dl",
    { class: "facts" },
    ...fact("Recording", result.inputs.join(", "), result.stopped ? "stopped before its end" : ""),
    ...fact("Time", span, length),
    ...fact(
      "Readings",
      countText(result.readings),
      before > 0 ? `${countText(before)} before --from, only to warm the models` : "",
    ),
    ...fact("Sensors", countText(data.sensors.length)),
    ...fact("Rejected rows", countText(result.rejected)),
    ...fact("Out of order", countText(result.out_of_order)),
    ...fact(
      "Alerts",
      countText(count),
      `${alerts.critical} critical, ${alerts.warning} warning, ${alerts.info} info`,
    ),
    ...fact("Suppressed by the cooldown", plural(result.withheld, "episode")),
    ...fact("Messages", countText(result.messages)),
  );
}

function fact(name: string, value: string, more = ""): HTMLElement[] {
  const texts = more === "" ? [value] : [value, element("small", {}, more)];
  return [element("div", {}, element("dt", {}, name), element("dd", {}, ...texts))];
}

function detectorTable({ detectors }: ReportData, result: Result): HTMLElement {
  return table(
    "Detectors",
    [
      "Detector",
      "Kind",
      "Scored",
      "Anomalous",
      "Alarm rate",
      "Expected",
      "Alerts a week",
      "Episodes",
    ],
    result.detectors.map((detector, d) => [
      detector.name,
      detectors[d]?.rule ?? detector.algorithm,
      detector.scored,
      detector.anomalies,
      percentText(detector.alarm_rate),
      expectedText(detector),
      detector.alerts_per_week?.toPrecision(2) ?? "–",
      detector.episodes,
    ]),
  );
}

/** How often a detector may alarm: its alert budget for each sensor, or its contamination. */
function expectedText({
  budget_per_week: budget,
  contamination,
}: Result["detectors"][number]): string {
  if (budget !== null) return formatAlertRate(budget);
  return contamination === null ? "–" : percentText(contamination);
}
