import { sortedWindowBytes } from "../../sorted-window/sorted-window.ts";
import { SUMMARY_BYTES } from "../../sorted-window/summary.ts";
import { SUMMARY_VALUES } from "../../sorted-window/window-memory.ts";
import { float64Bytes } from "../../units/object-bytes.ts";
import { capacities, type EcodConfig, heldRows, opensAt } from "./config.ts";
import { noveltyMemoryBytes } from "./novelty/novelty-memory.ts";
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

/** Bytes of the numbers of a detector: of each feature, and of the detector and its columns. */
const FEATURE_BYTES = 4 * 8;
const NUMBERS_BYTES = 20 * 8;
/** Bytes of the objects of a detector, measured on Node 20. */
const OBJECTS_BYTES = 1600;

/** Bytes of a detector without histories and novelty memories, about. */
export function ecodOverheadBytes(dimension: number): number {
  return OBJECTS_BYTES + NUMBERS_BYTES + FEATURE_BYTES * dimension;
}

/**
 * Approximate maximum bytes of one key's detector with all windows full.
 *
 * @param dimension Features per row.
 */
export function ecodBytes(config: EcodConfig, dimension: number): number {
  return ecodBytesAt(config, dimension, Number.POSITIVE_INFINITY) + memoriesOf(config, 0);
}

/** How many bytes more, at most, one key's detector takes in its warm-up. */
export function ecodWarmUpBytes(config: EcodConfig, dimension: number): number {
  const { warmupPeriod } = config;
  const { seeds } = capacities(config);
  const held = heldRows(warmupPeriod);
  const phases = [
    ecodBytesAt(config, dimension, 0) + heldBytes(config, held, dimension),
    ecodBytesAt(config, dimension, warmupPeriod) +
      (warmupPeriod > held ? float64Bytes(seeds * dimension) : 0) +
      memoriesOf(config, warmupPeriod),
    ecodBytesAt(config, dimension, opensAt(warmupPeriod)) +
      memoriesOf(config, opensAt(warmupPeriod)),
  ];
  return Math.max(0, ...phases.map((bytes) => bytes - ecodBytes(config, dimension)));
}

/** Bytes of the rows that are held back. Those of a compact detector are where its histories will be. */
function heldBytes(config: EcodConfig, rows: number, dimension: number): number {
  const summaries = (dimension + calibrators(config)) * SUMMARY_BYTES;
  const room = config.reference === "compact" ? summaries / 8 : 0;
  return float64Bytes(Math.max(0, rows * dimension - room));
}

/** Bytes of a detector that has seen so many rows, without novelty memories. */
function ecodBytesAt(config: EcodConfig, dimension: number, rows: number): number {
  const { reference, calibration } = capacities(config);
  const isCompact = config.reference === "compact";
  const bytesOf = (values: number) => (isCompact ? SUMMARY_BYTES : sortedWindowBytes(values));
  const scores = rows <= config.warmupPeriod ? 0 : Math.min(calibration, rows);
  return (
    bytesOf(Math.min(reference, rows)) * dimension +
    bytesOf(scores) * calibrators(config) +
    ecodOverheadBytes(dimension)
  );
}

/** Bytes of the novelty memories with so many values from before they open; 0: they are open. */
function memoriesOf({ frozen, noveltyFeatures }: EcodConfig, startValues: number): number {
  return (frozen ? 0 : noveltyFeatures.length) * noveltyMemoryBytes(startValues);
}
