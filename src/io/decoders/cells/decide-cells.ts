import { isMissing } from "../columns/missing.ts";
import { cleanCell, readNumber } from "../rows/cell.ts";
import { type CellPlan, type CellSettings, missingWords, wordValues } from "./cell-plan.ts";
import { GROUPED } from "./cell-reader.ts";
import { splitUnit, type UnitParts } from "./split-unit.ts";

/** Minimum share of the present cells that a notation must explain. */
const MOST = 2 / 3;
const MAX_PLACEHOLDER = 20;
/** A mark that can only be the decimal one: other than three digits follow it, or nothing but 0 precedes it. */
const SURE = {
  ".": /^[-+]?(?:0?\.\d+|\d+\.(?:\d{1,2}|\d{4,}))$/,
  ",": /^[-+]?(?:0?,\d+|\d+,(?:\d{1,2}|\d{4,}))$/,
};

/** The plan of a column; `isDoubtful`: its commas or dots may group thousands or be decimal marks. */
export interface DecidedCells {
  /** Null: plain numbers, or not numbers at all. */
  readonly plan: CellPlan | null;
  readonly isDoubtful: boolean;
}

const PLAIN: DecidedCells = { plan: null, isDoubtful: false };

/**
 * Decides how the cells of a column are written. O(cells).
 *
 * @param cells As written.
 * @param decimalMark Character code of the decimal mark of the input.
 */
export function decideCells(
  name: string,
  cells: readonly string[],
  decimalMark: number,
  settings: CellSettings = {},
): DecidedCells {
  const values = wordValues(name, settings);
  const missing = missingWords(name, settings);
  const mark = decimalMark === ",".charCodeAt(0) ? "," : ".";
  const isSet = missing.length > 0 || Object.keys(values).length > 0;
  // most columns are plain numbers, or far from them
  if (!isSet && cells.every((cell) => readNumber(cell, decimalMark) !== undefined)) return PLAIN;
  const texts = cells
    .map(cleanCell)
    .filter((cell) => !isMissing(withoutUnit(cell)) && !missing.includes(cell.toLowerCase()));
  const odd = texts.filter((cell) => readNumber(cell, decimalMark) === undefined);
  const notation = odd.length === 0 ? null : notationOf(texts, mark, settings.decimalMark);
  if (notation === null && !isSet) return PLAIN;
  const { isDoubtful = false, ...plan } = notation ?? {
    unit: "",
    decimalMark: mark,
    thousands: null,
  };
  return { plan: { ...plan, values, missing }, isDoubtful };
}

/** `--.- °C` without its unit. */
function withoutUnit(cell: string): string {
  return cell.length > MAX_PLACEHOLDER ? cell : cell.replace(/^(\S+)\s+\D\S*$/, "$1");
}

type Notation = Pick<CellPlan, "unit" | "decimalMark" | "thousands"> & { isDoubtful?: boolean };

/** The notation of most cells; null if they are not numbers. */
function notationOf(
  texts: readonly string[],
  inputMark: "." | ",",
  set: "." | "," | undefined,
): Notation | null {
  const parts = partsOf(texts);
  if (parts.length < texts.length * MOST || parts.length === 0) return null;
  const unit = unitOf(parts);
  if (unit === null) return null;
  const numbers = parts.map(({ number }) => number);
  const isSure = (mark: "." | ","): boolean => numbers.some((number) => SURE[mark].test(number));
  const grouped = (mark: keyof typeof GROUPED): boolean =>
    numbers.some((number) => GROUPED[mark].test(number));
  if (grouped("blank")) {
    const decimalMark = set ?? (numbers.some((number) => number.includes(",")) ? "," : ".");
    return { unit, decimalMark, thousands: "blank" };
  }
  const decimalMark = set ?? markOf(isSure, inputMark, numbers);
  const other = decimalMark === "," ? "." : ",";
  const others = numbers.filter((number) => number.includes(other));
  if (others.length === 0) return { unit, decimalMark, thousands: null };
  if (!others.every((number) => GROUPED[other].test(number))) return null;
  // 1.480 beside 21,5 in the same input is sure; so are 950 and 1.050,0
  const isProven =
    set !== undefined ||
    (decimalMark === inputMark && inputMark === ",") ||
    others.length < numbers.length ||
    others.some((number) => number.split(other).length > 2);
  return { unit, decimalMark, thousands: other, isDoubtful: !isProven };
}

/** The parts of the cells; incomplete if too few of them have any. */
function partsOf(texts: readonly string[]): readonly UnitParts[] {
  const parts: UnitParts[] = [];
  for (const [i, text] of texts.entries()) {
    const found = splitUnit(text);
    if (found !== null) parts.push(found);
    // even if all others had some
    else if (parts.length + texts.length - i - 1 < texts.length * MOST) break;
  }
  return parts;
}

/** The one unit of a column, "" for none; null if it has several or may not have numbers. */
function unitOf(parts: readonly UnitParts[]): string | null {
  if (parts.every(({ isNameLike }) => isNameLike)) return null;
  const units = parts.map(({ unit }) => unit).filter((unit) => unit !== "");
  // 1.2 kW and 950 W in one column would be wrong by a factor, and so would a unit in a few cells only
  if (new Set(units).size > 1 || units.length * 2 < parts.length) {
    return units.length === 0 ? "" : null;
  }
  return units[0] ?? "";
}

function markOf(
  isSure: (mark: "." | ",") => boolean,
  inputMark: "." | ",",
  numbers: readonly string[],
): "." | "," {
  const other = inputMark === "," ? "." : ",";
  if (isSure(inputMark) || !isSure(other)) {
    const last = numbers.find((number) => number.includes(".") && number.includes(","));
    if (last === undefined) return inputMark;
    return last.lastIndexOf(",") > last.lastIndexOf(".") ? "," : ".";
  }
  return other;
}
