import type { Damage } from "../../state/state-error.ts";
import type { OpsEvent } from "./message-fields.ts";

/** Damages that the message quotes. */
const MOST_QUOTED = 3;

/** The event about damages of the state directory of a pipeline, with the number of lost records; null without damages. */
export function damageEvent(
  pipeline: string,
  damages: readonly Damage[],
  atMs: number,
): OpsEvent | null {
  if (damages.length === 0) return null;
  const quoted = damages.slice(0, MOST_QUOTED).map(({ at, message }) => `${at}: ${message}`);
  const left = damages.length - quoted.length;
  const lost = damages.reduce((sum, { records }) => sum + records, 0);
  const detail = [
    `the state directory is damaged, records lost: ${lost}`,
    ...quoted,
    ...(left > 0 ? [`${left} more places, see iotmon state info`] : []),
  ].join("; ");
  return {
    ...{ pipeline, event: "state_damaged", subject: "state", status: "firing" },
    ...{ severity: "warning", detail, atMs, startedMs: atMs },
  };
}
