import type { AlertEvent } from "../../core/alerts/alert-event.ts";
import type { KeyTable } from "../../core/key-table.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import type { AlertBody } from "./alert-schema.ts";
import { fitBody } from "./fit-body.ts";
import { type AlertMessage, MESSAGE_FIELDS } from "./message-fields.ts";
import { columnsOfSensor, detectorOfSensor } from "./sensor-names.ts";

/**
 * The body of an alert message. Depends on its arguments only, so a repeated message is the same. At
 * most 20 kB, see {@link fitBody}.
 *
 * @throws {RangeError} If the event is of another plan or of other keys.
 */
export function alertBody(event: AlertEvent, plan: EnginePlan, keys: KeyTable): AlertBody {
  const { episode } = event;
  const { pipeline } = plan;
  const found = plan.detectors[episode.detector];
  if (!found) throw new RangeError(`No detector ${episode.detector}`);
  const { labels } = found.alerts;
  const sensor = keys.name(episode.key);
  const detector = detectorOfSensor(plan, found, sensor);
  const columns = columnsOfSensor(plan, sensor);
  return fitBody(messageBody({ event, pipeline, columns, detector, labels, sensor }));
}

/** The body of an alert message, of any length. */
export function messageBody(message: AlertMessage): AlertBody {
  const fields = Object.entries(MESSAGE_FIELDS).map(([name, { alert }]) => [name, alert(message)]);
  return Object.fromEntries(fields) as AlertBody;
}
