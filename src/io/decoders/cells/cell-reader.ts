import { isMissing } from "../columns/missing.ts";
import { cleanCell, readSwitch } from "../rows/cell.ts";
import type { CellPlan } from "./cell-plan.ts";
import { splitUnit } from "./split-unit.ts";

const DECIMAL = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i;

/** Matches numbers in groups of thousands, by what separates the groups. */
export const GROUPED = {
  ".": /^[-+]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?$/,
  ",": /^[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/,
  blank: /^[-+]?[1-9]\d{0,2}(?:[ \u00a0\u202f'’]\d{3})+(?:[.,]\d+)?$/u,
} as const;

const SEPARATOR = { ".": /\./g, ",": /,/g, blank: /[ \u00a0\u202f'’]/gu } as const;

/** Reads the cells of a column with a plan. */
export class CellReader {
  readonly #plan: CellPlan;
  readonly #values: ReadonlyMap<string, number>;
  readonly #missing: ReadonlySet<string>;

  constructor(plan: CellPlan) {
    this.#plan = plan;
    this.#values = new Map(Object.entries(plan.values));
    this.#missing = new Set(plan.missing);
  }

  /**
   * The value of a cell: NaN for a missing value. About 300 ns.
   *
   * @returns Undefined for text, and for a number with another unit or in another notation.
   */
  read(cell: string | number): number | undefined {
    if (typeof cell === "number") return Number.isFinite(cell) ? cell : Number.NaN;
    const text = cleanCell(cell);
    const word = text.toLowerCase();
    const value = this.#values.get(word);
    if (value !== undefined) return value;
    if (this.isMissing(text)) return Number.NaN;
    const parts = splitUnit(text);
    if (parts === null) return readSwitch(text);
    if (parts.unit !== "" && parts.unit !== this.#plan.unit) return undefined;
    return this.#number(parts.number);
  }

  /** Whether a cell without blanks around it stands for a missing value; a unit may follow. */
  isMissing(text: string): boolean {
    const { unit } = this.#plan;
    if (isMissing(text) || this.#missing.has(text.toLowerCase())) return true;
    return unit !== "" && text.endsWith(unit) && isMissing(text.slice(0, -unit.length));
  }

  #number(text: string): number | undefined {
    const { decimalMark, thousands } = this.#plan;
    let plain = text;
    if (thousands !== null && GROUPED[thousands].test(text)) {
      plain = text.replace(SEPARATOR[thousands], "");
    }
    // a mark that is neither decimal nor between thousands belongs to another notation
    if (decimalMark === ",") plain = plain.includes(".") ? "" : plain.replace(",", ".");
    if (!DECIMAL.test(plain)) return undefined;
    const number = Number(plain);
    return Number.isFinite(number) ? number : Number.NaN;
  }
}
