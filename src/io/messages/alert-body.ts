import type { AlertEvent, Evidence } from "../../core/alerts/alert-event.ts";
import type { Contribution } from "../../core/detectors/detector.ts";
import type { KeyTable } from "../../core/key-table.ts";
import { TimeText } from "../../core/timestamp/time-text.ts";
import type { DetectorPlan, EnginePlan } from "../../engine/plan.ts";
import type { AlertBody } from "./alert-schema.ts";
import { explainShort } from "./explanation-text.ts";
import { fitBody } from "./fit-body.ts";
import { rarityText } from "./number-text.ts";

type Values = AlertBody["features"];
type ContributionBody = AlertBody["explanation"]["contributions"][number];

/**
 * The body of a message. Depends on nothing but its arguments, so a repeated message is the same.
 * Never more than 20 kB, see {@link fitBody}.
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
  return fitBody({
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
      summary: summarize(sensor, peak, detector),
      contributions: peak.explanation.contributions.map((c) => contributionBody(c, detector)),
      novel: peak.explanation.novel.map((input) => detector.inputNames[input] ?? ""),
      rule: peak.explanation.rule,
    },
    reading: named(plan.columns, peak.reading),
    peak_at: times.of(peak.timestamp),
    started_at: times.of(episode.startedAt),
    resolved_at: Number.isNaN(episode.resolvedAt) ? null : times.of(episode.resolvedAt),
    suppressed: event.suppressed,
    labels: { ...detector.alerts.labels },
    truncated: [],
  });
}

/** Why a reading was anomalous, and how rare that is, in one sentence. */
export function summarize(sensor: string, peak: Evidence, detector: DetectorPlan): string {
  const rarity = rarityText(peak.p);
  const readings = rarity === null ? "" : `, ${rarity} readings`;
  return `${sensor}: ${explainShort(peak, detector)}${readings}.`;
}

function contributionBody(contribution: Contribution, detector: DetectorPlan): ContributionBody {
  const { input, value, typical, low, high, side, share } = contribution;
  const unit = detector.inputUnits?.[input] ?? "";
  return {
    feature: detector.inputNames[input] ?? "",
    ...(unit === "" ? {} : { unit }),
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
