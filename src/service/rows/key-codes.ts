import { type Batch, copyRow } from "../../core/batch.ts";
import type { KeyTable } from "../../core/key-table.ts";
import { show, type Warnings } from "../checks/warnings.ts";

/** Key code of rejected rows: of sensors above the limit, or too far ahead. */
export const NO_KEY = 0xffff_ffff;

/** Key codes of rows, found without changing the key table. */
export interface KeyCodes {
  readonly codes: Uint32Array;
  /** New keys, in the order in which to intern them. */
  readonly fresh: readonly string[];
}

/**
 * Finds the codes that the keys of rows have, or will have after interning the new ones.
 *
 * @param column Name of the key column.
 * @param faults Why rows are rejected, by row. Keys of these are not interned; takes the rows of keys above the limit.
 */
export function findKeyCodes(
  names: readonly string[],
  column: string,
  keys: KeyTable,
  faults: Map<number, string>,
  warnings: Warnings,
): KeyCodes {
  const codes = new Uint32Array(names.length);
  const fresh = new Map<string, number>();
  let last: string | undefined;
  let code = NO_KEY;
  for (let i = 0; i < names.length; i++) {
    if (faults.size > 0 && faults.has(i)) {
      codes[i] = NO_KEY;
      continue;
    }
    const name = names[i] as string;
    if (name !== last) {
      code = codeOf(name, keys, fresh);
      last = name;
    }
    if (code === NO_KEY) {
      const what = `would be sensor ${keys.capacity + 1} of at most ${keys.capacity}: the row is rejected`;
      warnings.cell(i, column, name, what);
      faults.set(i, `${column}: ${show(name)} ${what}`);
    }
    codes[i] = code;
  }
  return { codes, fresh: [...fresh.keys()] };
}

function codeOf(name: string, keys: KeyTable, fresh: Map<string, number>): number {
  const known = keys.find(name);
  if (known >= 0) return known;
  const seen = fresh.get(name);
  if (seen !== undefined) return seen;
  const code = keys.size + fresh.size;
  if (code >= keys.capacity) return NO_KEY;
  fresh.set(name, code);
  return code;
}

/** A batch without the rows of {@link NO_KEY}; compacts its arrays. */
export function dropKeyless(batch: Batch): Batch {
  let kept = 0;
  for (let i = 0; i < batch.length; i++) {
    if (batch.keys[i] === NO_KEY) continue;
    if (kept < i) copyRow(batch, i, batch, kept);
    kept += 1;
  }
  return kept === batch.length ? batch : { ...batch, length: kept };
}
