import { describeImplausible, type PlausibleRange } from "../core/plausibility.ts";
import { isoTime } from "../core/timestamp/iso-time.ts";
import type { ValueNotice } from "../engine/values/value-notice.ts";
import type { OpsEvent } from "./messages/message-fields.ts";

/** Where a notice belongs. */
export interface ValuePlace {
  readonly pipeline: string;
  readonly sensor: string;
  /** Names of the numeric columns. */
  readonly columns: readonly string[];
  /** Plausible values of the columns. */
  readonly ranges: readonly PlausibleRange[];
}

/** The message that a column of a sensor has no usable value, or has one again. */
export function valueEvent(notice: ValueNotice, place: ValuePlace): OpsEvent {
  const { kind, column, timestamp: atMs, since: startedMs, value } = notice;
  const name = place.columns[column] ?? "";
  return {
    ...{ pipeline: place.pipeline, event: "no_value", subject: place.sensor },
    ...{ status: kind === "value" ? "resolved" : "firing", severity: "warning" },
    ...{ column: { name, value }, detail: valueText(notice, place), atMs, startedMs },
  };
}

/** `temp: no usable value for 10 readings, since 2026-03-01T09:30:00.000Z: -127 stands for no value`. */
export function valueText(
  { kind, column, since, readings, value }: ValueNotice,
  { columns, ranges }: ValuePlace,
): string {
  const name = columns[column] ?? "";
  if (kind === "value") return `${name}: values again, after ${readings} readings without one`;
  const range = ranges.find((one) => one.column === column);
  const isEmpty = Number.isNaN(value) || range === undefined;
  const why = isEmpty ? "the cells are empty" : describeImplausible(range, value);
  return `${name}: no usable value for ${readings} readings, since ${isoTime(since)}: ${why}`;
}
