import { sortedWindowBytes } from "../../sorted-window/sorted-window.ts";
import { SUMMARY_BYTES } from "../../sorted-window/summary.ts";
import { SUMMARY_VALUES } from "../../sorted-window/window-memory.ts";
import { float64Bytes } from "../../units/object-bytes.ts";
import { capacities, type EcodConfig } from "./config.ts";
import { noveltyBytes } from "./novelty/novelty.ts";
import { columnCount } from "./score/column-sums.ts";

/** Total capacity of the windows of one key's detector, in values. */
export function ecodValues(config: EcodConfig, dimension: number): number {
  if (config.reference === "compact") return (dimension + calibrators(config)) * SUMMARY_VALUES;
  const { reference, calibration } = capacities(config);
  return dimension * reference + calibrators(config) * calibration;
}

/** Number of score histories. */
export function calibrators({ columns }: EcodConfig): number {
  return columnCount(columns) > 1 ? 2 : 1;
}

/**
 * Approximate maximum bytes of one key's detector: with all windows full, or at the end of a long
 * warm-up.
 *
 * @param dimension Features per row.
 */
export function ecodBytes(config: EcodConfig, dimension: number): number {
  const { warmupPeriod, frozen, noveltyFeatures } = config;
  const { reference, calibration, seeds } = capacities(config);
  const memories = frozen ? 0 : noveltyFeatures.length;
  const learned = Math.min(reference, warmupPeriod);
  const isCompact = config.reference === "compact";
  const bytesOf = (values: number) => (isCompact ? SUMMARY_BYTES : sortedWindowBytes(values));
  const warmingUp =
    bytesOf(learned) * dimension +
    (isCompact ? SUMMARY_BYTES * calibrators(config) : 0) +
    float64Bytes(seeds * dimension) +
    noveltyBytes(memories, warmupPeriod);
  const full =
    bytesOf(reference) * dimension +
    bytesOf(calibration) * calibrators(config) +
    noveltyBytes(memories, 0);
  return Math.max(warmingUp, full);
}
