import type { HostedBuffer } from "../live/registry.ts";
import type { Ran } from "../live/row-results.ts";
import { RowTexts } from "../live/row-texts.ts";

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
  readonly bad: readonly BadRow[];
  /** 0-based places in the call of the rows that ran; undefined: they are all of it. */
  readonly places?: readonly number[] | undefined;
  /** Rows of the call before these. */
  readonly offset: number;
}

/** A JSON object for each row to tell of, in order. */
export function resultTexts(hosted: HostedBuffer, ran: Ran, options: ResultOptions): string[] {
  const { wanted, bad, places, offset } = options;
  const texts: { readonly row: number; readonly text: string }[] = bad.map(({ index, error }) => {
    const row = offset + index + 1;
    return { row, text: `{"row":${row},"error":${JSON.stringify(error)}}` };
  });
  if (wanted !== "none") {
    const rows = RowTexts.of(hosted, ran);
    const warnings = warningTexts(ran);
    for (let i = 0; i < rows.length; i++) {
      if (wanted === "anomalies" && !rows.isNotable(i)) continue;
      const number = rows.number(i);
      const row = offset + (places === undefined ? number : (places[number - 1] as number) + 1);
      const warned = warnings?.get(number);
      const more = warned === undefined ? "" : `,"warnings":[${warned.join(",")}]`;
      texts.push({ row, text: `{"row":${row},${rows.tail(i)}${more}}` });
    }
  }
  if (bad.length > 0) texts.sort((a, b) => a.row - b.row);
  return texts.map(({ text }) => text);
}

/** By 1-based row: what was not as it should be, without the place of the row. */
function warningTexts({ read }: Ran): ReadonlyMap<number, string[]> | null {
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
