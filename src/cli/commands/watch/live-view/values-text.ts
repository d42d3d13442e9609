import { dateTimeText } from "../../../../core/timestamp/iso-time.ts";
import { cellWidth, plainCells } from "../../../render/cells.ts";
import { significant } from "../../../render/format.ts";
import type { SensorLine, ShownValue } from "./sensor-line.ts";

const GAP = "  ";
const CUT = "…";
/** Characters that a shortened name keeps, or more where names would be the same. */
const LEAST_NAME = 4;

/** Writes the values of these sensors in so many columns: with short names when there is not room for all. */
export function valuesWriter(
  sensors: readonly SensorLine[],
  width: number,
): (line: SensorLine) => string {
  const isRoomy = sensors.every(({ values }) => {
    return cellWidth(values.map((value) => valueText(value, plainCells)).join(GAP)) <= width;
  });
  if (isRoomy) return (line) => written(line, plainCells, width);
  const short = shortNames(sensors);
  return (line) => written(line, (name) => short.get(name) ?? name, width);
}

/** As many values as fit, each of them whole. */
function written(
  { state, lastAt, values }: SensorLine,
  nameOf: (name: string) => string,
  width: number,
): string {
  const isOld = state.kind === "silent" && !Number.isNaN(lastAt);
  let text = isOld ? `at ${dateTimeText(lastAt).slice("2026-01-01 ".length)}: ` : "";
  for (const [i, one] of values.entries()) {
    const next = `${text}${i === 0 ? "" : GAP}${valueText(one, nameOf)}`;
    const isLast = i === values.length - 1;
    const room = isLast ? width : width - GAP.length - CUT.length;
    // one that does not fit alone is cut by who shows it
    if (i > 0 && cellWidth(next) > room) return `${text}${GAP}${CUT}`;
    text = next;
  }
  return text;
}

function valueText({ name, value, unit }: ShownValue, nameOf: (name: string) => string): string {
  return `${nameOf(name)} ${significant(value)}${unit === "" ? "" : ` ${plainCells(unit)}`}`;
}

/** `temp` for `temperature`, as long as no two are the same. */
function shortNames(sensors: readonly SensorLine[]): ReadonlyMap<string, string> {
  const names = [...new Set(sensors.flatMap(({ values }) => values.map(({ name }) => name)))];
  const plain = names.map((name) => [...plainCells(name)]);
  const longest = Math.max(...plain.map(({ length }) => length));
  for (let keep = LEAST_NAME; keep < longest; keep++) {
    const short = plain.map((name) => name.slice(0, keep).join(""));
    if (new Set(short).size === names.length)
      return new Map(names.map((name, i) => [name, short[i] ?? name]));
  }
  return new Map(names.map((name) => [name, plainCells(name)]));
}
