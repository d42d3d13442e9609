import type { Sensor } from "./types.ts";

const times = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" });
const counts = new Intl.NumberFormat();

/** A number as short as it can be read. */
export function numberText(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) return value.toExponential(2);
  return String(Number(value.toPrecision(size >= 1000 ? 6 : 4)));
}

const DAY_SECONDS = 86_400;
const MINUTE_SECONDS = 60;
const ticks = {
  days: new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" }),
  minutes: new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" }),
  seconds: new Intl.DateTimeFormat(undefined, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }),
};

/** Texts at an axis of time, as exact as its steps. @param seconds Since 1970, ascending. */
export function tickTexts(seconds: readonly number[]): string[] {
  const step = (seconds[1] ?? 0) - (seconds[0] ?? 0);
  if (step >= DAY_SECONDS) return seconds.map((one) => ticks.days.format(1000 * one));
  const format = step >= MINUTE_SECONDS ? ticks.minutes : ticks.seconds;
  return seconds.map((one) => format.format(1000 * one));
}

/** How many of something. */
export function countText(count: number): string {
  return counts.format(count);
}

/** A time in the zone of the visitor. */
export function timeText(time: string | number): string {
  return times.format(new Date(time));
}

/** How a sensor is, in words. */
export function stateText({ state, observations_seen: seen, observations_needed: needed }: Sensor) {
  if (state === "warming") return `warming ${countText(seen)}/${countText(seen + needed)}`;
  return state === "idle" ? "no detector" : state;
}
