/**
 * What the API answers, as far as the page reads it.
 *
 * @module
 */
import type { Contribution } from "../../../page/client/types.ts";

/** How a sensor is. */
export type SensorState = "idle" | "ok" | "warming" | "anomalous" | "info" | "warning" | "critical";

/** A buffer or pipeline at a glance. */
export interface WatchedBuffer {
  readonly name: string;
  readonly kind: "buffer" | "pipeline";
  readonly rows_appended: number;
  readonly columns: readonly string[];
  readonly detectors: readonly string[];
  readonly sensors: number;
  readonly states: Readonly<Record<SensorState, number>>;
}

/** Everything at a glance. */
export interface Overview {
  readonly version: string;
  readonly buffers: readonly WatchedBuffer[];
}

/** An alert that is going on. */
interface OpenAlert {
  readonly episode: string;
  readonly detector: string;
  readonly severity: string;
  readonly started_at: string;
  readonly summary: string;
  readonly contributions: readonly Contribution[];
}

/** A sensor as it stands. */
export interface Sensor {
  readonly sensor_id: string;
  readonly state: SensorState;
  readonly timestamp: string | null;
  readonly observations_seen: number;
  readonly observations_needed: number;
  readonly values: Readonly<Record<string, number | null>>;
  readonly alerts: readonly OpenAlert[];
}

/** Sensors of a buffer. */
export interface Sensors {
  readonly sensor_count: number;
  readonly sensors: readonly Sensor[];
}

/** The last rows of a sensor. */
export interface Trace {
  readonly timestamps: readonly string[];
  readonly values: Readonly<Record<string, readonly (number | null)[]>>;
  readonly scores: Readonly<Record<string, readonly (number | null)[]>>;
}

/** A message of the events stream, as far as it is shown. */
export interface AlertMessage {
  readonly episode: string;
  readonly sensor_id: string;
  readonly detector: string;
  readonly severity: string;
  readonly started_at: string;
  readonly resolved_at: string | null;
  readonly explanation: {
    readonly summary: string;
    readonly contributions: readonly Contribution[];
  };
}
