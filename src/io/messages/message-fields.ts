/**
 * The fields of a message, in order: the JSON Schema, the type and the bodies come from this table. A new
 * field is one entry here and one row in `docs/alerts.md`.
 *
 * @module
 */
import { z } from "zod";
import type { AlertEvent, Evidence } from "../../core/alerts/alert-event.ts";
import { SEVERITIES, type Severity } from "../../core/alerts/severity.ts";
import type { Contribution } from "../../core/detectors/detector.ts";
import { TimeText } from "../../core/timestamp/time-text.ts";
import { type DetectorInputs, explainShort } from "./explanation-text.ts";
import { rarityText } from "./number-text.ts";

/** An alert, with the names that its event refers to by index. */
export interface AlertMessage {
  readonly event: AlertEvent;
  readonly pipeline: string;
  /** Names of the numeric columns. */
  readonly columns: readonly string[];
  readonly detector: DetectorInputs & { readonly name: string };
  readonly labels: Readonly<Record<string, string>>;
  readonly sensor: string;
}

/** An operational event of a pipeline, for the receivers of its alerts. */
export interface OpsEvent {
  readonly pipeline: string;
  /** `source_down`, `clock_step` ...: the label `event` of the message. */
  readonly event: string;
  /** The short name of a source, or a sensor. */
  readonly subject: string;
  /** The column concerned, and the value to report. */
  readonly column?: { readonly name: string; readonly value: number } | undefined;
  readonly status: "firing" | "resolved";
  readonly severity: Severity;
  /** A sentence, without its subject. */
  readonly detail: string;
  /** Times of this message and of the start, ms since epoch: clock time, or event time for events about readings. */
  readonly atMs: number;
  readonly startedMs: number;
}

/** An {@link OpsEvent} with its ids and labels. */
export interface OpsMessage extends OpsEvent {
  readonly detector: string;
  readonly id: string;
  readonly episode: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** One field of a message. */
interface MessageField<T extends z.ZodType> {
  readonly schema: T;
  /** Its value in the message of an alert. */
  alert(message: AlertMessage): z.output<T>;
  /** Its value in an operational message. */
  ops(message: OpsMessage): z.output<T>;
}

const times = new TimeText();
const number = z.number().nullable();
const time = z.iso.datetime();
const values = z.record(z.string(), number);
const severity = z.enum(SEVERITIES);

const contribution = z.object({
  feature: z.string(),
  unit: z
    .string()
    .optional()
    .describe("Unit of value, typical and usual_range; left out when none is configured."),
  value: number.describe("Its value in the worst reading."),
  typical: number.describe("Median of the earlier readings that the detector compares with."),
  usual_range: z
    .tuple([number, number])
    .describe("5 % and 95 % quantile of those readings: the middle 90 %."),
  direction: z
    .enum(["low", "high"])
    .nullable()
    .describe("Side of the usual range on which the value lies; null: the detector has no sides."),
  share: number.describe("Part of the score, 0 to 1, novelty included; null: no score."),
});

const explanation = z.object({
  summary: z.string().describe("The explanation in one sentence."),
  contributions: z
    .array(contribution)
    .max(5)
    .describe("Features that contributed most, largest share first."),
  novel: z.array(z.string()).describe("Features that entered a region never visited before."),
  rule: z
    .string()
    .nullable()
    .describe("What a rule found, e.g. temperature > 40; null for detectors that score."),
});

/** All fields of a message by name. */
export const MESSAGE_FIELDS = {
  source: field(
    z.literal("iotmon"),
    () => "iotmon" as const,
    () => "iotmon" as const,
  ),
  sensor_id: field(
    z.string(),
    ({ sensor }) => sensor,
    ({ subject }) => subject,
  ),
  anomaly_score: field(
    number.describe("0 to 1, 0.5 at the alarm boundary."),
    ({ event }) => finiteOrNull(event.episode.peak.anomalyScore),
    () => 1,
  ),
  features: field(
    values.describe("Inputs of the detector."),
    ({ event, detector }) => named(detector.inputNames, event.episode.peak.features),
    () => ({}),
  ),
  timestamp: field(
    time.describe("When the message is due, in event time."),
    ({ event }) => times.of(event.timestamp),
    ({ atMs }) => times.of(atMs),
  ),
  id: field(
    z.string().describe("Id of this message, the same in every run and every attempt."),
    ({ event }) => event.id,
    ({ id }) => id,
  ),
  episode: field(
    z.string().describe("Id of the episode: a stretch of anomalous readings."),
    ({ event }) => event.episode.id,
    ({ episode }) => episode,
  ),
  status: field(
    z.enum(["firing", "escalated", "repeated", "resolved"]),
    ({ event }) => event.status,
    ({ status }) => status,
  ),
  severity: field(
    severity.describe("Highest severity of the episode so far."),
    ({ event }) => event.severity,
    (about) => about.severity,
  ),
  previous_severity: field(
    severity.nullable().describe("Severity of the episode's previous message; null in the first."),
    ({ event }) => event.previousSeverity,
    (about) => (about.status === "resolved" ? about.severity : null),
  ),
  pipeline: field(
    z.string(),
    ({ pipeline }) => pipeline,
    ({ pipeline }) => pipeline,
  ),
  detector: field(
    z.string(),
    ({ detector }) => detector.name,
    ({ detector }) => detector,
  ),
  raw_score: field(
    number.describe("Score in the detector's own unit; null: it has none."),
    ({ event }) => finiteOrNull(event.episode.peak.rawScore),
    () => null,
  ),
  threshold: field(
    number.describe("Raw score at the alarm boundary then; null: there is none."),
    ({ event }) => finiteOrNull(event.episode.peak.explanation.threshold),
    () => null,
  ),
  p: field(
    number.describe("Probability of a score at least this large in normal operation."),
    ({ event }) => finiteOrNull(event.episode.peak.p),
    () => null,
  ),
  rarity: field(
    z.string().nullable().describe("p in words: 1 in 4300."),
    ({ event }) => rarityText(event.episode.peak.p),
    () => null,
  ),
  explanation: field(explanation, explain, ({ subject, detail, event }) => ({
    summary: `${subject}: ${detail}`,
    contributions: [],
    novel: [],
    rule: event,
  })),
  reading: field(
    values.describe("Numeric columns of the worst reading."),
    ({ event, columns }) => named(columns, event.episode.peak.reading),
    ({ column }) => (column === undefined ? {} : { [column.name]: column.value }),
  ),
  peak_at: field(
    time.describe("When the worst reading was taken."),
    ({ event }) => times.of(event.episode.peak.timestamp),
    ({ startedMs }) => times.of(startedMs),
  ),
  started_at: field(
    time.describe("First anomalous reading of the episode."),
    ({ event }) => times.of(event.episode.startedAt),
    ({ startedMs }) => times.of(startedMs),
  ),
  resolved_at: field(
    time.nullable().describe("When the episode ended; null while it lasts."),
    ({ event: { episode } }) =>
      Number.isNaN(episode.resolvedAt) ? null : times.of(episode.resolvedAt),
    ({ status, atMs }) => (status === "resolved" ? times.of(atMs) : null),
  ),
  suppressed: field(
    z.int().min(0).describe("Episodes that the cooldown suppressed since the previous message."),
    ({ event }) => event.suppressed,
    () => 0,
  ),
  labels: field(
    z.record(z.string(), z.string()).describe("alerts.labels of the pipeline."),
    ({ labels }) => ({ ...labels }),
    ({ labels, event }) => ({ ...labels, event }),
  ),
  truncated: field(
    z.array(z.string()).describe("Fields that were cut to keep the message below 20 kB."),
    () => [],
    () => [],
  ),
};

/** Why a reading was anomalous, and how rare that is, in one sentence. */
export function summarize(sensor: string, peak: Evidence, detector: DetectorInputs): string {
  const rarity = rarityText(peak.p);
  const readings = rarity === null ? "" : `, ${rarity} readings`;
  return `${sensor}: ${explainShort(peak, detector)}${readings}.`;
}

function field<T extends z.ZodType>(
  schema: T,
  alert: MessageField<T>["alert"],
  ops: MessageField<T>["ops"],
): MessageField<T> {
  return { schema, alert, ops };
}

function explain({ event, sensor, detector }: AlertMessage): z.output<typeof explanation> {
  const { peak } = event.episode;
  const { contributions, novel, rule } = peak.explanation;
  return {
    summary: summarize(sensor, peak, detector),
    contributions: contributions.map((one) => contributionBody(one, detector)),
    novel: novel.map((input) => detector.inputNames[input] ?? ""),
    rule,
  };
}

function contributionBody(
  { input, value, typical, low, high, side, share }: Contribution,
  detector: DetectorInputs,
): z.output<typeof contribution> {
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

function named(names: readonly string[], numbers: Float64Array): Record<string, number | null> {
  return Object.fromEntries(names.map((name, i) => [name, finiteOrNull(numbers[i] as number)]));
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
