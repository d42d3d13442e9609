import type { TimeDisplay } from "../../../../core/timestamp/time-display.ts";
import { cellWidth, plainCells } from "../../../render/cells.ts";
import { significant } from "../../../render/format.ts";
import type { SensorLine, ShownValue } from "./sensor-line.ts";

const GAP = "  ";
const CUT = "…";
/** Minimum number of characters of a shortened name; more if two names would be equal. */
const MIN_NAME = 4;

/** Returns a function that formats the values of a sensor; it shortens names if not all values fit. */
export function valuesWriter(
  sensors: readonly SensorLine[],
  width: number,
  times: TimeDisplay,
): (line: SensorLine) => string {
  const isRoomy = sensors.every(({ values }) => {
    return cellWidth(values.map((value) => valueText(value, plainCells)).join(GAP)) <= width;
  });
  if (isRoomy) return (line) => written(line, plainCells, width, times);
  const short = shortNames(sensors);
  return (line) => written(line, (name) => short.get(name) ?? name, width, times);
}

/** The values that fit; none is cut. */
function written(
  { state, lastAt, values }: SensorLine,
  nameOf: (name: string) => string,
  width: number,
  times: TimeDisplay,
): string {
  const isOld = state.kind === "silent" && !Number.isNaN(lastAt);
  let text = isOld ? `at ${times.text(lastAt).slice("2026-01-01 ".length)}: ` : "";
  for (const [i, one] of values.entries()) {
    const next = `${text}${i === 0 ? "" : GAP}${valueText(one, nameOf)}`;
    const isLast = i === values.length - 1;
    const room = isLast ? width : width - GAP.length - CUT.length;
    // the caller cuts a first value that does not fit
    if (i > 0 && cellWidth(next) > room) return `${text}${GAP}${CUT}`;
    text = next;
  }
  return text;
}

function valueText({ name, value, unit }: ShownValue, nameOf: (name: string) => string): string {
  return `${nameOf(name)} ${significant(value)}${unit === "" ? "" : ` ${plainCells(unit)}`}`;
}

/** Shortens names (`temperature` to `temp`) to the shortest length at which they differ. */
function shortNames(sensors: readonly SensorLine[]): ReadonlyMap<string, string> {
  const names = [...new Set(sensors.flatMap(({ values }) => values.map(({ name }) => name)))];
  const plain = names.map((name) => [...plainCells(name)]);
  const longest = Math.max(...plain.map(({ length }) => length));
  for (let keep = MIN_NAME; keep < longest; keep++) {
    const short = plain.map((name) => name.slice(0, keep).join(""));
    if (new Set(short).size === names.length)
      return new Map(names.map((name, i) => [name, short[i] ?? name]));
  }
  return new Map(names.map((name) => [name, plainCells(name)]));
}
