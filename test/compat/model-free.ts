/** Detectors that learn: their models may begin anew with a later edition of the detector. */
const LEARNING: ReadonlySet<unknown> = new Set(["odd", "anomaly", "sensor_anomaly"]);

/** Fields that tell what a model says or how much it has seen. */
const MODEL_FIELDS: ReadonlySet<string> = new Set([
  "raw_score",
  "p",
  "anomaly_score",
  "is_anomaly",
  "severity",
  "contributions",
  "is_warm",
  "observations_seen",
  "observations_needed",
  "observations_total",
  "scored",
  "anomalies",
  "alarm_rate",
]);

/** Leaves out what the models of detectors decide: their messages, scores and counts. Rules stay. */
export function withoutModels(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((one) => !isMessage(one)).map(withoutModels);
  if (!isRecord(value)) return value;
  const isRule = "detector" in value && !LEARNING.has(value["detector"]);
  return Object.fromEntries(
    Object.entries(value)
      .filter(
        ([field, inside]) => isRule || !(MODEL_FIELDS.has(field) || isAlertCount(field, inside)),
      )
      .map(([field, inside]) => [field, withoutModels(inside)]),
  );
}

/** Whether this is a number of alerts of all detectors. */
function isAlertCount(field: string, value: unknown): boolean {
  return field === "alerts" && typeof value === "number";
}

/** Whether this is a message of a detector that learns, or a letter with one. */
function isMessage(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { message = value } = value;
  return isRecord(message) && "episode" in message && LEARNING.has(message["detector"]);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
