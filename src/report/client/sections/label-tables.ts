import type { LabelResult } from "../data/result.ts";
import { table } from "../table.ts";
import { percentText, ratioText, spanText } from "../texts.ts";
import type { ShownTimes } from "../times.ts";

/** Metrics of the detectors against labels; empty without labels. @param label Name of their column or file. */
export function labelTables(
  label: string | null,
  labels: readonly LabelResult[],
  times: ShownTimes,
): HTMLElement[] {
  if (labels.length === 0) return [];
  const against = label === null ? "Against labels" : `Against the labels of ${label}`;
  const missed = labels.flatMap(({ detector, missed_events: events }) =>
    events.map((event) => [
      times.text(Date.parse(event.started_at)),
      times.text(Date.parse(event.ended_at)),
      event.sensor_id,
      detector,
      event.peak_anomaly_score.toFixed(3),
    ]),
  );
  return [
    byReading(`${against}, by reading`, labels),
    byEvent(`${against}, by event`, labels),
    ...labels.flatMap(thresholds),
    ...(missed.length === 0
      ? []
      : [
          table(
            "Missed events",
            [`Start (${times.name})`, "End", "Sensor", "Detector", "Peak"],
            missed,
          ),
        ]),
  ];
}

function byReading(caption: string, labels: readonly LabelResult[]): HTMLElement {
  return table(
    caption,
    [
      "Detector",
      "Precision",
      "Recall",
      "F1",
      "False alarm rate",
      "AUC",
      "Average precision",
      "Not scored",
    ],
    labels.map(({ detector, by_reading: rows }) => [
      detector,
      ratioText(rows["precision"]),
      ratioText(rows["recall"]),
      ratioText(rows["f1"]),
      percentText(rows["false_alarm_rate"] ?? null),
      ratioText(rows["auc"]),
      ratioText(rows["average_precision"]),
      rows["unscored"] ?? 0,
    ]),
  );
}

function byEvent(caption: string, labels: readonly LabelResult[]): HTMLElement {
  return table(
    caption,
    [
      ...["Detector", "Found", "Missed", "Not scored", "False alerts", "per day"],
      ...["Delay, median", "worst", "Precision", "Recall", "F1"],
    ],
    labels.map(({ detector, by_event: events }) => [
      detector,
      events["found"] ?? 0,
      events["missed"] ?? 0,
      events["unscored"] ?? 0,
      events["false_alarms"] ?? 0,
      events["false_alarms_per_day"]?.toPrecision(2) ?? "–",
      delayText(events["median_delay_ms"]),
      delayText(events["longest_delay_ms"]),
      ratioText(events["precision"]),
      ratioText(events["recall"]),
      ratioText(events["f1"]),
    ]),
  );
}

function thresholds({ detector, thresholds: lines }: LabelResult): HTMLElement[] {
  if (lines.length === 0) return [];
  const heads = ["Threshold", "Precision", "Recall", "F1", "False alarm rate", "Found", "Missed"];
  return [
    table(
      `Results at other thresholds: ${detector}`,
      heads,
      lines.map((line) => [
        ratioText(line["threshold"]),
        ratioText(line["precision"]),
        ratioText(line["recall"]),
        ratioText(line["f1"]),
        percentText(line["false_alarm_rate"] ?? null),
        line["found"] ?? 0,
        line["missed"] ?? 0,
      ]),
    ),
  ];
}

function delayText(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? "–" : spanText(ms);
}
