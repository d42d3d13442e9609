import type { AlertEvent, AlertStatus, Evidence } from "../../core/alerts/alert-event.ts";
import type { Severity } from "../../core/alerts/severity.ts";
import type { Contribution } from "../../core/detectors/detector.ts";
import type { Side } from "../../core/detectors/ecod/surprise.ts";
import type { KeyTable } from "../../core/key-table.ts";
import type { DetectorPlan, EnginePlan } from "../../engine/plan.ts";
import { explainShort } from "./explanation-text.ts";
import { rarityText } from "./number-text.ts";
import { TimeText } from "./time-text.ts";

type Values = Readonly<Record<string, number | null>>;

/** What one feature had to do with an alert. */
interface ContributionBody {
  readonly feature: string;
  readonly value: number | null;
  /** Median of the readings that the detector compares with. */
  readonly typical: number | null;
  /** 5 % and 95 % quantile of those readings. */
  readonly usual_range: readonly [low: number | null, high: number | null];
  /** Null for detectors that don't tell sides. */
  readonly direction: Side | null;
  /** Part of the score, in [0, 1]; null when there is none. */
  readonly share: number | null;
}

/**
 * One alert message as it goes out: plain JSON, times in ISO 8601 UTC, a missing number is null.
 * Scores, features and explanation are those of the episode's worst reading so far.
 */
export interface AlertBody {
  readonly source: "iotmon";
  readonly sensor_id: string;
  readonly anomaly_score: number | null;
  /** The detector's inputs. */
  readonly features: Values;
  /** When the message is due, in event time. */
  readonly timestamp: string;
  readonly id: string;
  readonly episode: string;
  readonly status: AlertStatus;
  readonly severity: Severity;
  readonly previous_severity: Severity | null;
  readonly pipeline: string;
  readonly detector: string;
  readonly raw_score: number | null;
  /** Raw score above which the worst reading was anomalous. */
  readonly threshold: number | null;
  readonly p: number | null;
  /** `1 in 4300`. */
  readonly rarity: string | null;
  readonly explanation: {
    readonly summary: string;
    readonly contributions: readonly ContributionBody[];
    /** Features that entered a region never visited before. */
    readonly novel: readonly string[];
    /** What a rule found: `temperature > 40`; null for detectors that score. */
    readonly rule: string | null;
  };
  /** Numeric columns of the worst reading. */
  readonly reading: Values;
  /** When the worst reading was taken. */
  readonly peak_at: string;
  readonly started_at: string;
  readonly resolved_at: string | null;
  /** Episodes withheld by the cooldown since the message before. */
  readonly suppressed: number;
  /** As configured, for receivers to sort by. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The body of a message. Depends on nothing but its arguments, so a repeated message is the same.
 *
 * @throws {RangeError} If the event is of another plan or of other keys.
 */
export function alertBody(event: AlertEvent, plan: EnginePlan, keys: KeyTable): AlertBody {
  const { episode } = event;
  const { peak } = episode;
  const detector = plan.detectors[episode.detector];
  if (!detector) throw new RangeError(`No detector ${episode.detector}`);
  const sensor = keys.name(episode.key);
  const times = new TimeText();
  return {
    source: "iotmon",
    sensor_id: sensor,
    anomaly_score: finiteOrNull(peak.anomalyScore),
    features: named(detector.inputNames, peak.features),
    timestamp: times.of(event.timestamp),
    id: event.id,
    episode: episode.id,
    status: event.status,
    severity: event.severity,
    previous_severity: event.previousSeverity,
    pipeline: plan.pipeline,
    detector: detector.name,
    raw_score: finiteOrNull(peak.rawScore),
    threshold: finiteOrNull(peak.explanation.threshold),
    p: finiteOrNull(peak.p),
    rarity: rarityText(peak.p),
    explanation: {
      summary: summary(sensor, peak, detector),
      contributions: peak.explanation.contributions.map((c) => contributionBody(c, detector)),
      novel: peak.explanation.novel.map((input) => detector.inputNames[input] ?? ""),
      rule: peak.explanation.rule,
    },
    reading: named(plan.columns, peak.reading),
    peak_at: times.of(peak.timestamp),
    started_at: times.of(episode.startedAt),
    resolved_at: Number.isNaN(episode.resolvedAt) ? null : times.of(episode.resolvedAt),
    suppressed: event.suppressed,
    labels: detector.alerts.labels,
  };
}

function summary(sensor: string, peak: Evidence, detector: DetectorPlan): string {
  const rarity = rarityText(peak.p);
  const readings = rarity === null ? "" : `, ${rarity} readings`;
  return `${sensor}: ${explainShort(peak, detector)}${readings}.`;
}

function contributionBody(contribution: Contribution, detector: DetectorPlan): ContributionBody {
  const { input, value, typical, low, high, side, share } = contribution;
  return {
    feature: detector.inputNames[input] ?? "",
    value: finiteOrNull(value),
    typical: finiteOrNull(typical),
    usual_range: [finiteOrNull(low), finiteOrNull(high)],
    direction: side,
    share: finiteOrNull(share),
  };
}

function named(names: readonly string[], values: Float64Array): Values {
  return Object.fromEntries(names.map((name, i) => [name, finiteOrNull(values[i] as number)]));
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
