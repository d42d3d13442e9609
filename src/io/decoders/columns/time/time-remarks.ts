import { dateTimeText } from "../../../../core/timestamp/iso-time.ts";
import {
  isLocalFormat,
  isRelativeFormat,
  type TimePlan,
} from "../../../../core/timestamp/time-plan.ts";
import { quoted } from "../../../messages/printable.ts";
import type { Remark } from "../../input-profile.ts";
import type { TimeFinding } from "./time-finding.ts";

const FORMAT_WORDS: Readonly<Record<string, string>> = {
  iso8601: "ISO 8601",
  day_first: "day.month.year",
  epoch_s: "seconds since 1970",
  epoch_ms: "milliseconds since 1970",
  epoch_us: "microseconds since 1970",
  epoch_ns: "nanoseconds since 1970",
  excel: "days of a spreadsheet",
  elapsed_d: "days since the start",
  elapsed_h: "hours since the start",
  elapsed_min: "minutes since the start",
  elapsed_s: "seconds since the start",
  elapsed_ms: "milliseconds since the start",
  elapsed_us: "microseconds since the start",
  elapsed_ns: "nanoseconds since the start",
};

const REASONS: Readonly<Record<string, string>> = {
  values: "as the values show",
  sequence: "as the sequence shows",
  arrival: "as the time of arrival shows",
};

/**
 * What to tell about the time of an input.
 *
 * @param isZoned Whether its cells name a zone.
 */
export function timeRemarks(finding: TimeFinding, isZoned: boolean): readonly Remark[] {
  if (finding.kind !== "plan") return [];
  const { plan, by } = finding;
  const { columns, format, start } = plan;
  const [column] = columns;
  const names = columns.map(quoted).join(" and ");
  const reason = format.includes("%") ? REASONS[by] : undefined;
  const how = `${FORMAT_WORDS[format] ?? format}${reason === undefined ? "" : `, ${reason}`}`;
  const remarks: Remark[] = [
    { topic: "time", column, text: `${names}, ${how}${zoneText(plan, isZoned)}` },
  ];
  if (by === "likely") {
    const text = `the time in ${names} is taken as ${format}, but may be %y/%m/%d`;
    remarks.push({ topic: "check", column, text, setting: "--time-format" });
  }
  if (by === "unit") {
    const text = `the numbers in ${names} are taken as seconds`;
    remarks.push({ topic: "check", column, text, setting: "--time-format elapsed_ms" });
  }
  if (isRelativeFormat(format) && start === null) {
    const text = `${names} has no date: times count from 1970-01-01`;
    remarks.push({ topic: "check", column, text, setting: "--start 2026-03-01" });
  }
  return remarks;
}

function zoneText({ format, zone, start }: TimePlan, isZoned: boolean): string {
  if (start !== null) return `, from ${dateTimeText(start)} on`;
  if (zone !== null) return `, in the zone ${zone}`;
  return isLocalFormat(format) && !isZoned && !format.includes("%z")
    ? ", without a zone, taken as UTC"
    : "";
}
