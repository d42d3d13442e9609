import type { ScoredRows } from "../../service/effects.ts";
import type { HostedBuffer } from "../../service/registry.ts";
import { RowTexts } from "../../service/scoring/row-texts.ts";

/** Which rows a client wants to hear of. */
export type WantedResults = "all" | "anomalies" | "none";

/** A row that never came to the pipeline. */
export interface BadRow {
  /** 0-based within the call. */
  readonly index: number;
  readonly error: string;
}

/** What is to be written of rows that ran. */
export interface ResultOptions {
  readonly wanted: WantedResults;
  /** In order. */
  readonly bad: readonly BadRow[];
  /** 0-based places in the call of the rows that ran; undefined: they are all of it. */
  readonly places?: readonly number[] | undefined;
  /** Rows of the call before these. */
  readonly offset: number;
  /** Between results. */
  readonly separator: "," | "\n";
}

/**
 * A JSON object for each row to tell of, in order, with the separator between them, as UTF-8. One text that is
 * written out once: a list of texts that are put together later would be flattened one by one, and live as
 * long as the call waits for the disk.
 */
export function resultsText(hosted: HostedBuffer, ran: ScoredRows, options: ResultOptions): Buffer {
  const { wanted, bad, places, offset, separator } = options;
  let told = "";
  let next = 0;
  const tell = (place: number, fields: string): void => {
    told += `${told === "" ? "" : separator}{"row":${offset + place + 1},${fields}}`;
  };
  const tellBadBefore = (place: number): void => {
    for (let one = bad[next]; one !== undefined && one.index < place; one = bad[next]) {
      tell(one.index, `"error":${JSON.stringify(one.error)}`);
      next += 1;
    }
  };
  if (wanted !== "none") {
    const rows = RowTexts.of(hosted, ran);
    const warnings = warningTexts(ran);
    for (let i = 0; i < rows.length; i++) {
      if (wanted === "anomalies" && !rows.isNotable(i)) continue;
      const number = rows.number(i);
      const place = places === undefined ? number - 1 : (places[number - 1] as number);
      tellBadBefore(place);
      const warned = warnings?.get(number);
      const more = warned === undefined ? "" : `,"warnings":[${warned.join(",")}]`;
      tell(place, rows.tail(i) + more);
    }
  }
  tellBadBefore(Number.POSITIVE_INFINITY);
  return Buffer.from(told);
}

/** By 1-based row: what was not as it should be, without the place of the row. */
function warningTexts({ read }: ScoredRows): ReadonlyMap<number, string[]> | null {
  const { list } = read.warnings;
  if (list.length === 0) return null;
  const byRow = new Map<number, string[]>();
  for (const { field, message } of list) {
    const [, index, column] = /^rows\.(\d+)\.(.*)$/s.exec(field) ?? [];
    if (index === undefined) continue;
    const row = Number(index) + 1;
    const text = JSON.stringify({ field: column, message });
    byRow.set(row, [...(byRow.get(row) ?? []), text]);
  }
  return byRow;
}
