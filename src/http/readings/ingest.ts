import type { RowObject } from "../../service/rows/read-columns.ts";
import type { Services } from "../route-group.ts";
import { type BadRow, resultsText, type WantedResults } from "./results-text.ts";

/** Rows as they came, one call or a piece of a stream. */
export interface Piece {
  /** Objects are rows. */
  readonly items: readonly unknown[];
  /** What could not be read at all, by place in `items`, where it holds undefined. */
  readonly unreadable?: ReadonlyMap<number, string>;
  /** Rows of the call before these. */
  readonly offset: number;
  /** JSON text that holds the items and nothing else that counts as a row; undefined: there is none. */
  readonly text: string | undefined;
}

/** How they are to be taken, and told of. */
export interface IngestOptions {
  readonly wanted: WantedResults;
  readonly strict: boolean;
  /** Between results. */
  readonly separator: "," | "\n";
}

/** What came of them. */
export interface IngestedPiece {
  readonly rowsAppended: number;
  readonly rowsRejected: number;
  readonly currentRows: number;
  readonly ignoredColumns: readonly string[];
  readonly warningCount: number;
  readonly alerts: number;
  /** A JSON object each, with the separator between them, as UTF-8. */
  readonly results: Buffer;
}

/**
 * Appends, scores and alerts in one go. What is no row is told and left out; its neighbours stay.
 *
 * @throws {Refusal} As `Hub.append`, and as `Changes.run`.
 */
export async function ingest(
  { changes, metrics, now }: Services,
  name: string,
  piece: Piece,
  { wanted, strict, separator }: IngestOptions,
): Promise<IngestedPiece> {
  const { items, offset } = piece;
  const bad: BadRow[] = [];
  for (let i = 0; i < items.length; i++) {
    const error = piece.unreadable?.get(i) ?? faultOf(items[i]);
    if (error !== null) bad.push({ index: i, error });
  }
  const missing = new Set(bad.map(({ index }) => index));
  const places = bad.length === 0 ? undefined : [...items.keys()].filter((i) => !missing.has(i));
  const rows = (places?.map((i) => items[i]) ?? items) as readonly RowObject[];
  // the log stores the text, so the text must hold exactly these rows
  const json = bad.length === 0 ? piece.text : undefined;
  const told = await changes.execute(
    { kind: "append", name, rows, arrivalMs: now(), strict, json },
    ({ answer, effect: { hosted, rows: scored } }) => ({
      rowsAppended: answer.rowsAppended,
      rowsRejected: answer.rowsRejected + bad.length,
      currentRows: answer.currentRows,
      ignoredColumns: answer.ignoredColumns,
      warningCount: answer.warningCount,
      alerts: hosted.config === null ? 0 : scored.output.events.length,
      results: resultsText(hosted, scored, { wanted, bad, places, offset, separator }),
    }),
  );
  metrics.appended(name, told.rowsAppended, told.warningCount);
  return told;
}

function faultOf(item: unknown): string | null {
  if (typeof item === "object" && item !== null && !Array.isArray(item)) return null;
  const what = item === null ? "null" : Array.isArray(item) ? "a list" : `a ${typeof item}`;
  return `a row must be an object, {...}, not ${what}`;
}
