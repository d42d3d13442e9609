import type { Damage } from "../../state/state-error.ts";
import type { WatchEvents } from "../watch-events.ts";

/** Damages that the message quotes. */
const MOST_QUOTED = 3;

/** Sends an operational message about damages of the state directory, with the number of lost records; none without damages. */
export function sendDamage(
  events: WatchEvents,
  pipeline: string,
  damages: readonly Damage[],
  atMs: number,
): void {
  if (damages.length === 0) return;
  const quoted = damages.slice(0, MOST_QUOTED).map(({ at, message }) => `${at}: ${message}`);
  const left = damages.length - quoted.length;
  const lost = damages.reduce((sum, { records }) => sum + records, 0);
  const detail = [
    `the state directory is damaged, records lost: ${lost}`,
    ...quoted,
    ...(left > 0 ? [`${left} more places, see iotmon state info`] : []),
  ].join("; ");
  events.ops({
    ...{ pipeline, event: "state_damaged", subject: "state", status: "firing" },
    ...{ severity: "warning", detail, atMs, startedMs: atMs },
  });
}
