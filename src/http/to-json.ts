/**
 * The one place where what the program knows becomes what the API says.
 *
 * @module
 */
import type { z } from "zod";
import type {
  Appended,
  BufferState,
  DetectorState,
  LatestFeatures,
  Score,
  SensorProgress,
} from "../live/api.ts";
import type { appendReply, bufferReply } from "./schema/buffers.ts";
import type { detectorReply, scoreResult, sensorProgress } from "./schema/detectors.ts";
import type { featuresReply } from "./schema/features.ts";

/** A buffer. */
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
  };
}

/** What an append did. */
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

/** Newest values of a sensor's features. */
export function latestJson(latest: LatestFeatures): z.input<typeof featuresReply> {
  return {
    features: Object.fromEntries(latest.features),
    sensor_id: latest.sensorId,
    timestamp: latest.timestamp === null ? null : new Date(latest.timestamp).toISOString(),
  };
}

function progressJson(progress: SensorProgress): z.input<typeof sensorProgress> {
  return {
    is_warm: progress.isWarm,
    observations_seen: progress.observationsSeen,
    observations_needed: progress.observationsNeeded,
    scored: progress.scored,
    anomalies: progress.anomalies,
  };
}

/** A detector without its sensors. */
export function detectorSummaryJson(
  state: DetectorState,
): Omit<z.input<typeof detectorReply>, "sensors"> {
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

/** A detector with the progress of each sensor. */
export function detectorJson(state: DetectorState): z.input<typeof detectorReply> {
  const sensors = [...state.sensors].map(([key, progress]) => [key, progressJson(progress)]);
  return { ...detectorSummaryJson(state), sensors: Object.fromEntries(sensors) };
}

/** Share of the scored readings that were anomalous; null before the first. */
export function alarmRate({ scored, anomalies }: SensorProgress): number | null {
  return scored === 0 ? null : anomalies / scored;
}

/** One score. */
export function scoreJson(score: Score): z.input<typeof scoreResult> {
  return {
    is_anomaly: score.isAnomaly,
    anomaly_score: score.anomalyScore,
    raw_score: score.rawScore,
    p: score.p,
    severity: score.severity,
    contributions: score.contributions.map((part) => ({
      feature: part.feature,
      value: part.value,
      typical: part.typical,
      usual_range: [...part.usualRange],
      direction: part.direction,
      share: part.share,
    })),
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
