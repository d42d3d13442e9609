import type { CellWarning } from "../../service/checks/warnings.ts";
import type { ScoredRows } from "../../service/effects.ts";
import type { HostedBuffer } from "../../service/registry.ts";
import { unusedRows } from "../../service/rows/held-rows.ts";
import { RowTexts } from "../../service/scoring/row-texts.ts";

/** Rows for which a client wants results. */
export type WantedResults = "all" | "anomalies" | "none";

/** An item that never reached the pipeline. */
export interface BadRow {
  /** 0-based within the call. */
  readonly index: number;
  readonly error: string;
}

/** Selection and form of the results. */
export interface ResultOptions {
  readonly wanted: WantedResults;
  /** In the order of the call. */
  readonly bad: readonly BadRow[];
  /** 0-based positions of the processed rows in the call; undefined if all items were rows. */
  readonly places?: readonly number[] | undefined;
  /** Number of earlier rows of the call. */
  readonly offset: number;
  /** Separator between results. */
  readonly separator: "," | "\n";
}

/**
 * Results as JSON objects in the order of the rows, with the separator between them, as UTF-8. One buffer, because
 * thousands of texts would stay in memory while the call waits for the disk.
 */
export function resultsText(
  hosted: HostedBuffer,
  scored: ScoredRows,
  options: ResultOptions,
): Buffer {
  const { wanted, bad, places, offset, separator } = options;
  let text = "";
  let next = 0;
  let faults: readonly BadRow[] = bad;
  const add = (place: number, fields: string): void => {
    text += `${text === "" ? "" : separator}{"row":${offset + place + 1},${fields}}`;
  };
  const addBadBefore = (place: number): void => {
    for (let one = faults[next]; one !== undefined && one.index < place; one = faults[next]) {
      add(one.index, `"error":${JSON.stringify(one.error)}`);
      next += 1;
    }
  };
  if (wanted !== "none") {
    const rows = RowTexts.of(hosted, scored);
    const { faults: rejected, warnings } = scored.read;
    const { cells } = warnings;
    const placeOf = (row: number): number => (places === undefined ? row : (places[row] as number));
    const unused = [...rejected, ...(scored.times.length === 0 ? [] : unusedRows(scored))];
    const all = [...bad, ...unused.map(([row, error]) => ({ index: placeOf(row), error }))];
    faults = all.sort((a, b) => a.index - b.index);
    for (const i of inOrder(scored)) {
      if (wanted === "anomalies" && !rows.isNotable(i)) continue;
      const number = rows.number(i);
      const place = placeOf(number - 1);
      addBadBefore(place);
      const warned = cells.get(number - 1);
      const more = warned === undefined ? "" : `,"warnings":[${warned.map(warningText).join(",")}]`;
      add(place, rows.fields(i) + more);
    }
  }
  addBadBefore(Number.POSITIVE_INFINITY);
  return Buffer.from(text);
}

/** Indices of the appended rows of this call, in the order of the call. Cost: linear when they are in order already. */
function inOrder({ batch }: ScoredRows): readonly number[] {
  const { length, rows } = batch;
  const carried = new Set(batch.carried);
  const own: number[] = [];
  let isAscending = true;
  for (let i = 0; i < length; i++) {
    if (carried.has(i)) continue;
    const previous = own.at(-1);
    if (previous !== undefined && (rows[previous] as number) > (rows[i] as number)) {
      isAscending = false;
    }
    own.push(i);
  }
  return isAscending ? own : own.sort((a, b) => (rows[a] as number) - (rows[b] as number));
}

function warningText({ column, message }: CellWarning): string {
  return JSON.stringify({ field: column, message });
}
