import { hashId } from "../../core/alerts/hash-id.ts";
import type { AlertBody } from "./alert-schema.ts";
import { fitBody } from "./fit-body.ts";
import { MESSAGE_FIELDS, type OpsEvent, type OpsMessage } from "./message-fields.ts";

/** Detector name in operational messages. */
const OPS_DETECTOR = "iotmon";

/**
 * The body of a message about an {@link OpsEvent}: that of an alert, without a score.
 *
 * @param labels `alerts.labels` of its pipeline; the label `event` is added.
 */
export function opsBody(about: OpsEvent, labels: Readonly<Record<string, string>> = {}): AlertBody {
  const { pipeline, event, subject, status, startedMs, column } = about;
  const parts = column === undefined ? [] : [column.name];
  const episode = hashId(pipeline, OPS_DETECTOR, event, subject, startedMs, ...parts);
  const id = hashId(episode, status);
  const message: OpsMessage = { ...about, detector: OPS_DETECTOR, id, episode, labels };
  const fields = Object.entries(MESSAGE_FIELDS).map(([name, { ops }]) => [name, ops(message)]);
  return fitBody(Object.fromEntries(fields) as AlertBody);
}
