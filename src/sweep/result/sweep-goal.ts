import { suggestAndList } from "../../config/suggest.ts";
import { scoresReadings } from "../../core/detectors/registry.ts";
import { IotmonError } from "../../core/errors.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import type { SweepAxis } from "../settings/sweep-axis.ts";
import { METRICS, type MetricName } from "./sweep-metrics.ts";

/** The metric and the detector that settings are compared by. */
export interface SweepGoal {
  /** Null: there are no labels. */
  readonly optimize: MetricName | null;
  /** Index of the detector in the plan. */
  readonly detector: number;
  readonly detectorName: string;
}

/**
 * Chooses the metric and the detector. The detector is the swept one if all axes are about the same
 * detector, else the first that scores readings.
 *
 * @param wanted Value of `--optimize`.
 * @throws {IotmonError} `ERR_USAGE` for an unknown metric, or for a metric without labels.
 */
export function sweepGoal(
  axes: readonly SweepAxis[],
  { detectors }: EnginePlan,
  hasLabels: boolean,
  wanted: string | undefined,
): SweepGoal {
  const swept = new Set(axes.flatMap(({ path }) => (path[0] === "detectors" ? [path[1]] : [])));
  const [only] = swept;
  const scoring = detectors.findIndex(({ config }) => scoresReadings(config));
  const detector = swept.size === 1 && typeof only === "number" ? only : Math.max(0, scoring);
  const detectorName = detectors[detector]?.name ?? "";
  if (hasLabels) return { optimize: metricOf(wanted ?? "event_f1"), detector, detectorName };
  if (wanted === undefined) return { optimize: null, detector, detectorName };
  throw new IotmonError("ERR_USAGE", "--optimize needs labels, and the recording has none", {
    hint: "Name their column or file with --labels",
  });
}

function metricOf(name: string): MetricName {
  const names = Object.keys(METRICS) as MetricName[];
  const known = names.find((metric) => metric === name);
  if (known !== undefined) return known;
  throw new IotmonError("ERR_USAGE", `--optimize: unknown metric "${name}"`, {
    hint: suggestAndList(name, names, "Metrics are"),
  });
}
