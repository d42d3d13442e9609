/**
 * The parts of API replies that the page reads.
 *
 * @module
 */
import type { Contribution } from "../../../page/client/types.ts";

/** State of a sensor. */
export type SensorState = "idle" | "ok" | "warming" | "anomalous" | "info" | "warning" | "critical";

/** Overview of a buffer or pipeline. */
export interface BufferOverview {
  readonly name: string;
  readonly kind: "buffer" | "pipeline";
  readonly rows_appended: number;
  readonly columns: readonly string[];
  readonly detectors: readonly string[];
  readonly sensors: number;
  readonly states: Readonly<Record<SensorState, number>>;
}

/** Overview of all buffers and pipelines. */
export interface Overview {
  readonly version: string;
  readonly buffers: readonly BufferOverview[];
}

/** An open alert. */
interface OpenAlert {
  readonly episode: string;
  readonly detector: string;
  readonly severity: string;
  readonly started_at: string;
  readonly summary: string;
  readonly contributions: readonly Contribution[];
}

/** The current state of a sensor. */
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

/** The shown parts of a message in the event stream. */
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
