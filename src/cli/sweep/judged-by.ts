import { suggestAndList } from "../../config/suggest.ts";
import { IotmonError } from "../../core/errors.ts";
import { METRICS, type MetricName } from "../../sweep/optimize.ts";
import type { OpenedRecording } from "../look-at-recording.ts";
import type { SweepPlans } from "./sweep-plans.ts";

/** What settings are judged by. */
export interface Judge {
  /** Null: there are no labels to judge by. */
  readonly optimize: MetricName | null;
  /** Index of the detector, and its name. */
  readonly detector: number;
  readonly detectorName: string;
}

/**
 * The metric, and the detector that it is of: the one whose settings are swept, if that is one, else the
 * first that scores readings.
 *
 * @param wanted Value of `--optimize`.
 * @throws {IotmonError} `ERR_USAGE` when there is no such metric, or it needs labels and there are none.
 */
export function judgedBy(
  { axes }: SweepPlans,
  { pipeline, label }: OpenedRecording,
  wanted: string | undefined,
): Judge {
  const { detectors } = pipeline.plan;
  const swept = new Set(axes.flatMap(({ path }) => (path[0] === "detectors" ? [path[1]] : [])));
  const [only] = swept;
  const scoring = detectors.findIndex(({ config }) => config.algorithm !== "silent");
  const detector = swept.size === 1 && typeof only === "number" ? only : Math.max(0, scoring);
  const detectorName = detectors[detector]?.name ?? "";
  if (label === null && wanted !== undefined) {
    throw new IotmonError("ERR_USAGE", "--optimize needs labels, and there are none", {
      hint: "Name their column or file with --labels",
    });
  }
  if (label === null) return { optimize: null, detector, detectorName };
  return { optimize: metricOf(wanted ?? "event_f1"), detector, detectorName };
}

function metricOf(name: string): MetricName {
  const names = Object.keys(METRICS) as MetricName[];
  const known = names.find((metric) => metric === name);
  if (known !== undefined) return known;
  throw new IotmonError("ERR_USAGE", `--optimize: there is no metric "${name}"`, {
    hint: suggestAndList(name, names, "Metrics are"),
  });
}
