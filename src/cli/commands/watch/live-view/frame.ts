import type { ChalkInstance } from "chalk";
import type { TimeDisplay } from "../../../../core/timestamp/time-display.ts";
import { cutCells, plainCells } from "../../../render/cells.ts";
import { formatCount, plural } from "../../../render/format.ts";
import type { SourceLine, ViewModel } from "./sensor-line.ts";
import { sensorRows } from "./sensor-rows.ts";
import { countStates } from "./state-text.ts";

/** Largest share of the lines for sources. */
const SOURCE_SHARE = 0.25;
/** Minimum number of sensor lines for a heading. */
const MIN_WITH_HEADING = 3;
const CLOCK = "2026-01-01 ".length;

/**
 * Lays out a live view: a title, a line for each sensor, a line for each source. A last line counts the
 * sensors, or sources, that do not fit.
 *
 * @param width Columns of the terminal; no line is longer.
 * @param height Largest number of lines.
 */
export function layoutFrame(
  model: ViewModel,
  width: number,
  height: number,
  color: ChalkInstance,
): string[] {
  if (height <= 0 || width <= 0) return [];
  const sources = sourceLines(model, width, Math.max(1, Math.floor(height * SOURCE_SHARE)), color);
  const title = color.bold(cutCells(titleText(model), width));
  const room = height - 1 - sources.length;
  const lines = [title, ...sensorLines(model, width, room, color), ...sources];
  return lines.slice(0, height);
}

function titleText({ name, sensors, clocks, newestAt, times }: ViewModel): string {
  const shown = plainCells(name);
  if (sensors.length === 0) return `${shown}: waiting for readings`;
  const time = Number.isFinite(newestAt) ? ` · ${times.text(newestAt)} ${times.name}` : "";
  const wrong = clocks.map((text) => ` · ${text}`).join("");
  return `${shown}: ${plural(sensors.length, "sensor")}, ${countStates(sensors)}${time}${wrong}`;
}

function sensorLines(
  { sensors, times }: ViewModel,
  width: number,
  room: number,
  color: ChalkInstance,
): string[] {
  if (sensors.length === 0 || room <= 0) return [];
  const hasHeading = room >= MIN_WITH_HEADING;
  const places = hasHeading ? room - 1 : room;
  const shown = sensors.length > places ? sensors.slice(0, places - 1) : sensors;
  const rows = sensorRows(shown, sensors, width, color, times);
  const rest = sensors.slice(shown.length);
  const more =
    rest.length === 0
      ? []
      : [color.dim(cutCells(`and ${formatCount(rest.length)} more: ${countStates(rest)}`, width))];
  return [...(hasHeading ? rows : rows.slice(1)), ...more];
}

/** Lines of the sources; sources that are down come first. */
function sourceLines(
  { sources, nowMs, times }: ViewModel,
  width: number,
  max: number,
  color: ChalkInstance,
): string[] {
  const sorted = [...sources].sort((a, b) => Number(b.isUp === false) - Number(a.isUp === false));
  const shown = sorted.length > max ? sorted.slice(0, max - 1) : sorted;
  const rest = sorted.slice(shown.length);
  const down = rest.filter(({ isUp }) => isUp === false).length;
  const lines = shown.map((source) => {
    const text = cutCells(sourceText(source, nowMs, times), width);
    return source.isUp === false ? color.yellow(text) : color.dim(text);
  });
  if (rest.length === 0) return lines;
  const text = `and ${plural(rest.length, "more source")}${down > 0 ? `, ${down} down` : ""}`;
  return [...lines, color.dim(cutCells(text, width))];
}

function sourceText(source: SourceLine, nowMs: number, times: TimeDisplay): string {
  const { label, isUp, since, readingsPerSecond, rejected, dropped } = source;
  const rate = readingsPerSecond.toFixed(readingsPerSecond >= 10 ? 0 : 1);
  return [
    `${plainCells(label)} ${isUp === null ? "opening" : `${isUp ? "up" : "down"} since ${clock(since, nowMs, times)}`}`,
    `${rate} readings/s`,
    `${formatCount(rejected)} rejected`,
    `${formatCount(dropped)} dropped`,
  ].join(" · ");
}

/** Formats a time; omits the date if it is today. */
function clock(ms: number, nowMs: number, times: TimeDisplay): string {
  const [time, now] = [times.text(ms), times.text(nowMs)];
  return time.slice(0, CLOCK) === now.slice(0, CLOCK) ? time.slice(CLOCK) : time;
}
