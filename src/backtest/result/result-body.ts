import type { ColumnSummary } from "../../buffer/column-summary.ts";
import type { Episode } from "../../core/alerts/alert-event.ts";
import type { KeyTable } from "../../core/key-table.ts";
import { isoTime } from "../../core/timestamp/iso-time.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import { explainShort } from "../../io/messages/explanation-text.ts";
import { detectorOfSensor } from "../../io/messages/sensor-names.ts";
import type { BacktestResult } from "./backtest-result.ts";
import { finiteOrNull, isoOrNull } from "./json-values.ts";
import { labelBody } from "./label-body.ts";

/** Facts about the input beside its readings. */
export interface ReadBody {
  readonly inputs: readonly string[];
  readonly rejected: number;
  readonly rejectReasons: Readonly<Record<string, number>>;
  /** Number of implausible values by column. */
  readonly implausible: Readonly<Record<string, number>>;
  /** Clocks of sensors that were set. */
  readonly clockSteps: number;
  /** Whether the user stopped the run early. */
  readonly stopped: boolean;
}

/** An episode as JSON; times in ISO 8601 UTC. */
export interface EpisodeBody {
  readonly id: string;
  readonly sensor_id: string;
  readonly detector: string;
  readonly severity: string;
  readonly started_at: string;
  readonly last_anomaly_at: string;
  readonly resolved_at: string | null;
  readonly anomalous_readings: number;
  /** False: suppressed by the cooldown. */
  readonly notified: boolean;
  readonly peak_at: string;
  readonly peak_anomaly_score: number;
  readonly peak_raw_score: number | null;
  readonly why: string;
}

/** The fields of an {@link EpisodeBody}, in output order. */
export const EPISODE_FIELDS = [
  "id",
  "sensor_id",
  "detector",
  "severity",
  "started_at",
  "last_anomaly_at",
  "resolved_at",
  "anomalous_readings",
  "notified",
  "peak_at",
  "peak_anomaly_score",
  "peak_raw_score",
  "why",
] as const satisfies readonly (keyof EpisodeBody)[];

/** An episode as JSON. */
export function episodeBody(episode: Episode, plan: EnginePlan, keys: KeyTable): EpisodeBody {
  const detector = plan.detectors[episode.detector];
  if (!detector) throw new RangeError(`The plan has no detector ${episode.detector}`);
  const sensor = keys.name(episode.key);
  return {
    id: episode.id,
    sensor_id: sensor,
    detector: detector.name,
    severity: episode.severity,
    started_at: isoTime(episode.startedAt),
    last_anomaly_at: isoTime(episode.lastAnomalyAt),
    resolved_at: isoOrNull(episode.resolvedAt),
    anomalous_readings: episode.anomalies,
    notified: episode.notified,
    peak_at: isoTime(episode.peak.timestamp),
    peak_anomaly_score: episode.peak.anomalyScore,
    peak_raw_score: finiteOrNull(episode.peak.rawScore),
    why: explainShort(episode.peak, detectorOfSensor(plan, detector, sensor)),
  };
}

/** A backtest result as a JSON document. */
export function resultBody(
  result: BacktestResult,
  read: ReadBody,
  columns: readonly ColumnSummary[],
  plan: EnginePlan,
  keys: KeyTable,
): Record<string, unknown> {
  return {
    pipeline: plan.pipeline,
    inputs: read.inputs,
    stopped: read.stopped,
    readings: result.readings,
    reported: result.reported,
    rejected: read.rejected,
    reject_reasons: read.rejectReasons,
    implausible: read.implausible,
    out_of_order: result.outOfOrder,
    clock_steps: read.clockSteps,
    from: isoOrNull(result.from),
    to: isoOrNull(result.to),
    alerts: result.alerts,
    withheld: result.suppressed,
    messages: result.messages,
    episodes: result.episodes.map((episode) => episodeBody(episode, plan, keys)),
    detectors: result.detectors.map((detector) => ({
      name: detector.name,
      algorithm: detector.algorithm,
      scored: detector.scored,
      anomalies: detector.anomalies,
      episodes: detector.episodes,
      alarm_rate: finiteOrNull(detector.anomalies / detector.scored),
      contamination: detector.contamination,
      budget_per_week: detector.budget,
      alerts: detector.alerts,
      alerts_per_week: finiteOrNull(detector.alertsPerWeek),
      warmup_period: detector.warmupPeriod,
    })),
    sensors: result.sensors.map(({ name, readings, anomalies, alerts }) => ({
      sensor_id: name,
      readings,
      anomalies,
      alerts,
    })),
    labels: result.labels.map((metrics) => labelBody(metrics, keys)),
    columns: columns.map((column) =>
      Object.fromEntries(
        Object.entries(column).map(([name, value]) => [
          name,
          typeof value === "number" ? finiteOrNull(value) : value,
        ]),
      ),
    ),
  };
}
