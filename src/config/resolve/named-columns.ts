import { parseFeatureName } from "../../core/features/names.ts";
import { detectorTypeOf } from "../detectors/registry.ts";
import type { PipelineConfig } from "../schema/pipeline.ts";

/** Columns that `buffer.columns`, features and detectors name. */
export function namedColumns(config: PipelineConfig): ReadonlySet<string> {
  const columns = new Set<string>(Object.keys(config.buffer.columns ?? {}));
  const features = new Set<string>();
  for (const entry of config.features) {
    for (const column of "columns" in entry ? entry.columns : [entry.column]) columns.add(column);
    if (entry.other !== undefined) columns.add(entry.other);
    if ("name" in entry) features.add(entry.name);
  }
  const declared = [...columns];
  const inputs = config.detectors.flatMap((detector) =>
    detectorTypeOf(detector.algorithm).namedInputs(detector),
  );
  for (const name of inputs) {
    if (!features.has(name) && parseFeatureName(name, declared) === null) columns.add(name);
  }
  return columns;
}
