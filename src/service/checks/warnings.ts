import type { Warning } from "../api.ts";

/** Warnings that are kept; all are counted. */
const MOST_KEPT = 100;
const MOST_SHOWN = 60;

/** Collects what was not as it should be and did not stop the rest. */
export class Warnings {
  readonly list: Warning[] = [];
  #count = 0;

  /** All of them, those that are not kept included. */
  get count(): number {
    return this.#count;
  }

  add(field: string, message: string): void {
    this.#count += 1;
    if (this.list.length < MOST_KEPT) this.list.push({ field, message });
  }

  /** About one cell; `what` is said of its value. */
  cell(row: number, column: string, value: unknown, what: string): void {
    if (this.#count >= MOST_KEPT) this.#count += 1;
    else this.add(`rows.${row}.${column}`, `${show(value)} ${what}`);
  }
}

/** A value for people, cut. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}
