import { calibrators, ecodValues } from "./bytes.ts";
import { capacities, type EcodCapacities, type EcodConfig } from "./config.ts";
import { MOMENTS } from "./score/calibrator.ts";
import { ColumnSums } from "./score/column-sums.ts";

/** Where the numbers of a detector are, as offsets from the first. */
interface Layout {
  /** Surprises of the last row (NaN: no vote), and its sides (1: high); its values are at 0. */
  readonly surprises: number;
  readonly sides: number;
  /** Steps of the rounding grid. */
  readonly steps: number;
  /** Moments of each calibrator. */
  readonly moments: readonly number[];
  readonly strikes: number;
  /** Nats of the last row for each novelty memory, and for each column. */
  readonly nats: number;
  readonly extra: number;
  readonly length: number;
}

/** What all detectors with the same settings share, with room for the row at hand. */
export interface Shape {
  readonly config: EcodConfig;
  readonly dimension: number;
  readonly capacities: EcodCapacities;
  /** Number of score histories. */
  readonly experts: number;
  readonly layout: Layout;
  /** Total capacity of references and score histories, in values. */
  readonly values: number;
  readonly sums: ColumnSums;
  /** ln of the gate. */
  readonly lnGate: number;
  /** Weights of features that all count alike. */
  readonly ones: Float64Array;
  /** The row at hand. */
  readonly row: Float64Array;
}

const shapes = new WeakMap<EcodConfig, Shape>();

/**
 * @param dimension Features per row, >= 1.
 * @throws {RangeError} If `contamination` or a window is out of range, or `columns` does not fit the features.
 */
export function shapeOf(config: EcodConfig, dimension: number): Shape {
  const known = shapes.get(config);
  if (known?.dimension === dimension) return known;
  const { contamination, columns } = config;
  if (!(contamination > 0 && contamination <= 0.5)) {
    throw new RangeError(`contamination must be in (0, 0.5], got ${contamination}`);
  }
  if (columns.length !== dimension) {
    throw new RangeError(`${columns.length} columns do not fit ${dimension} features`);
  }
  const { reference, calibration } = capacities(config);
  for (const window of [reference, calibration]) {
    if (!Number.isInteger(window) || window < 1) {
      throw new RangeError(`A window must be a positive integer, got ${window}`);
    }
  }
  const sums = new ColumnSums(columns);
  const experts = calibrators(config);
  const shape: Shape = {
    config,
    dimension,
    capacities: capacities(config),
    experts,
    layout: layoutOf(dimension, experts, config.noveltyFeatures.length, sums.columns),
    values: ecodValues(config, dimension),
    sums,
    lnGate: Math.log(config.gate),
    ones: new Float64Array(dimension).fill(1),
    row: new Float64Array(dimension),
  };
  shapes.set(config, shape);
  return shape;
}

function layoutOf(dimension: number, experts: number, memories: number, columns: number): Layout {
  const steps = 3 * dimension;
  const moments = Array.from({ length: experts }, (_, i) => steps + dimension + i * MOMENTS);
  const strikes = steps + dimension + experts * MOMENTS;
  const nats = strikes + 1;
  const extra = nats + memories;
  return {
    surprises: dimension,
    sides: 2 * dimension,
    steps,
    moments,
    strikes,
    nats,
    extra,
    length: extra + columns,
  };
}
