import type { CellWarning } from "../../service/checks/warnings.ts";
import type { ScoredRows } from "../../service/effects.ts";
import type { HostedBuffer } from "../../service/registry.ts";
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
  const add = (place: number, fields: string): void => {
    text += `${text === "" ? "" : separator}{"row":${offset + place + 1},${fields}}`;
  };
  const addBadBefore = (place: number): void => {
    for (let one = bad[next]; one !== undefined && one.index < place; one = bad[next]) {
      add(one.index, `"error":${JSON.stringify(one.error)}`);
      next += 1;
    }
  };
  if (wanted !== "none") {
    const rows = RowTexts.of(hosted, scored);
    const { cells } = scored.read.warnings;
    for (let i = 0; i < rows.length; i++) {
      if (wanted === "anomalies" && !rows.isNotable(i)) continue;
      const number = rows.number(i);
      const place = places === undefined ? number - 1 : (places[number - 1] as number);
      addBadBefore(place);
      const warned = cells.get(number - 1);
      const more = warned === undefined ? "" : `,"warnings":[${warned.map(warningText).join(",")}]`;
      add(place, rows.fields(i) + more);
    }
  }
  addBadBefore(Number.POSITIVE_INFINITY);
  return Buffer.from(text);
}

function warningText({ column, message }: CellWarning): string {
  return JSON.stringify({ field: column, message });
}
