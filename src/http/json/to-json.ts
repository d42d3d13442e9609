/**
 * Converts the values of the service to the JSON of the API.
 *
 * @module
 */

import type { z } from "zod";
import { isoTime } from "../../core/timestamp/iso-time.ts";
import type {
  Appended,
  BufferState,
  DetectorState,
  LatestFeatures,
  Score,
  ScoredContribution,
  SensorProgress,
} from "../../service/api.ts";
import type { OpenAlert, Overview, WatchedSensor } from "../../service/queries/queries.ts";
import type { Trace } from "../../service/queries/trace.ts";
import type { appendReply, bufferReply } from "../schema/buffers.ts";
import type {
  contribution,
  detectorReply,
  scoreResult,
  sensorProgress,
} from "../schema/detectors.ts";
import type { featuresReply } from "../schema/features.ts";
import type { bufferOverview, openAlert, sensorOverview, traceReply } from "../schema/overview.ts";

/** State of a buffer. */
export function bufferJson(state: BufferState): z.input<typeof bufferReply> {
  return {
    name: state.name,
    schema: { ...state.schema },
    max_rows: state.maxRows,
    current_rows: state.currentRows,
    key: state.key,
    rows_appended: state.rowsAppended,
    rows_evicted: state.rowsEvicted,
    sensors: state.sensors,
    features: [...state.features],
    detectors: [...state.detectors],
    variants: state.variants.map(({ schema, maxRows, key = null }) => ({
      schema: { ...schema },
      max_rows: maxRows,
      key,
    })),
  };
}

/** Result of an append. */
export function appendedJson(appended: Appended): z.input<typeof appendReply> {
  return {
    rows_appended: appended.rowsAppended,
    current_rows: appended.currentRows,
    rows_rejected: appended.rowsRejected,
    rows_evicted: appended.rowsEvicted,
    ignored_columns: [...appended.ignoredColumns],
    warnings: [...appended.warnings],
    warning_count: appended.warningCount,
  };
}

/** Newest feature values of a sensor. */
export function latestJson(latest: LatestFeatures): z.input<typeof featuresReply> {
  return {
    features: Object.fromEntries(latest.features),
    sensor_id: latest.sensorId,
    timestamp: timeText(latest.timestamp),
  };
}

/** Warm-up and counts of a detector for a sensor. */
export function progressJson(progress: SensorProgress): z.input<typeof sensorProgress> {
  return {
    is_warm: progress.isWarm,
    observations_seen: progress.observationsSeen,
    observations_needed: progress.observationsNeeded,
    scored: progress.scored,
    anomalies: progress.anomalies,
  };
}

/** State of a detector without its sensors. */
export function detectorSummaryJson(
  state: DetectorState,
): Omit<z.input<typeof detectorReply>, "sensors"> {
  return { ...definitionJson(state), variants: state.variants.map(definitionJson) };
}

function definitionJson(
  state: DetectorState,
): Omit<z.input<typeof detectorReply>, "sensors" | "variants"> {
  return {
    name: state.name,
    algorithm: state.algorithm,
    warmup_period: state.warmupPeriod,
    ...progressJson(state),
    alarm_rate: alarmRate(state),
    features: [...state.features],
    contamination: state.contamination,
    buffer: state.buffer,
    observations_total: state.observationsTotal,
  };
}

/** State of a detector with the progress for each sensor. */
export function detectorJson(state: DetectorState): z.input<typeof detectorReply> {
  const sensors = [...state.sensors].map(([key, progress]) => [key, progressJson(progress)]);
  return { ...detectorSummaryJson(state), sensors: Object.fromEntries(sensors) };
}

/** Share of the scored readings that were anomalous; null before the first. */
function alarmRate({ scored, anomalies }: SensorProgress): number | null {
  return scored === 0 ? null : anomalies / scored;
}

function contributionJson(part: ScoredContribution): z.input<typeof contribution> {
  return {
    feature: part.feature,
    value: part.value,
    typical: part.typical,
    usual_range: [...part.usualRange],
    direction: part.direction,
    share: part.share,
  };
}

/** One score. */
export function scoreJson(score: Score): z.input<typeof scoreResult> {
  return {
    variant: score.variant,
    is_anomaly: score.isAnomaly,
    anomaly_score: score.anomalyScore,
    raw_score: score.rawScore,
    p: score.p,
    severity: score.severity,
    contributions: score.contributions.map(contributionJson),
    sensor_id: score.sensorId,
    is_buffer_row: score.isBufferRow,
    learned: score.learned,
    is_warm: score.isWarm,
    observations_seen: score.observationsSeen,
    observations_needed: score.observationsNeeded,
    ignored_features: [...score.ignoredFeatures],
    warnings: [...score.warnings],
  };
}

/** Overview of a buffer or pipeline. */
export function overviewJson(overview: Overview): z.input<typeof bufferOverview> {
  return {
    name: overview.name,
    kind: overview.kind,
    rows_appended: overview.rowsAppended,
    columns: [...overview.columns],
    detectors: [...overview.detectors],
    sensors: overview.sensorCount,
    states: overview.states,
  };
}

/** State of a sensor. */
export function sensorJson(sensor: WatchedSensor): z.input<typeof sensorOverview> {
  return {
    sensor_id: sensor.sensorId,
    state: sensor.state,
    timestamp: timeText(sensor.timestamp),
    observations_seen: sensor.observationsSeen,
    observations_needed: sensor.observationsNeeded,
    values: Object.fromEntries(sensor.values),
    alerts: sensor.alerts.map(openAlertJson),
  };
}

function openAlertJson(alert: OpenAlert): z.input<typeof openAlert> {
  return {
    episode: alert.episode,
    detector: alert.detector,
    severity: alert.severity,
    started_at: isoTime(alert.startedAt),
    anomaly_score: alert.anomalyScore,
    summary: alert.summary,
    contributions: alert.contributions.map(contributionJson),
  };
}

/** The last rows of a sensor. */
export function traceJson(name: string, sensor: string, trace: Trace): z.input<typeof traceReply> {
  return {
    name,
    sensor_id: sensor,
    timestamps: trace.timestamps.map(isoTime),
    values: Object.fromEntries(trace.values),
    scores: Object.fromEntries(trace.scores),
  };
}

function timeText(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}
