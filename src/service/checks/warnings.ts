import type { Warning } from "../api.ts";

const MAX_KEPT = 100;
/** Characters of a value in a message. */
const MAX_SHOWN = 60;

/** A warning about a cell of a known row. */
export interface CellWarning {
  readonly column: string;
  readonly message: string;
}

/** Collects faults of the input that do not stop a call. Keeps the first hundred. */
export class Warnings {
  readonly list: Warning[] = [];
  readonly #cells = new Map<number, CellWarning[]>();
  #count = 0;

  /** Kept warnings about cells, by 0-based row. */
  get cells(): ReadonlyMap<number, readonly CellWarning[]> {
    return this.#cells;
  }

  /** Number of warnings, including those that are not kept. */
  get count(): number {
    return this.#count;
  }

  add(field: string, message: string): void {
    this.#count += 1;
    if (this.list.length < MAX_KEPT) this.list.push({ field, message });
  }

  /** Adds a warning about a cell. @param what Predicate about its value: `is not a number`. */
  cell(row: number, column: string, value: unknown, what: string): void {
    if (this.#count >= MAX_KEPT) {
      this.#count += 1;
      return;
    }
    const message = `${show(value)} ${what}`;
    this.add(`rows.${row}.${column}`, message);
    const known = this.#cells.get(row);
    if (known === undefined) this.#cells.set(row, [{ column, message }]);
    else known.push({ column, message });
  }
}

/** A value as JSON, cut to 60 characters, for messages. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
