import type { TextColumn } from "../../../core/batch.ts";
import { joinedKey } from "../../../core/layout.ts";

/** Bits of a code in a pair: text columns and pairs have fewer codes. */
const MAX_CODES = 2 ** 26;

/**
 * Codes the joined cells of text columns as small integers, without making a text for cells that were joined before.
 * O(columns) a row.
 */
export class JoinedCodes {
  readonly #codes: readonly Map<number, number>[];
  /** The joined cells, by code. */
  readonly values: string[] = [];

  /** @param columns Number of columns, > 0. */
  constructor(columns: number) {
    this.#codes = Array.from({ length: columns }, () => new Map<number, number>());
  }

  /** Code of the cells of a row. */
  code(columns: readonly TextColumn[], row: number): number {
    let joined = 0;
    const last = columns.length - 1;
    for (let c = 0; c <= last; c++) {
      const { codes } = columns[c] as TextColumn;
      const pair = joined * MAX_CODES + (codes[row] as number);
      const known = (this.#codes[c] as Map<number, number>).get(pair);
      joined = known ?? this.#add(c, pair, columns, row, c === last);
    }
    return joined;
  }

  #add(
    c: number,
    pair: number,
    columns: readonly TextColumn[],
    row: number,
    isWhole: boolean,
  ): number {
    const own = this.#codes[c] as Map<number, number>;
    const code = own.size;
    own.set(pair, code);
    if (isWhole) this.values.push(joinedKey(columns.map((column) => textAt(column, row))));
    return code;
  }
}

function textAt({ codes, values }: TextColumn, row: number): string {
  return values[codes[row] as number] ?? "";
}
