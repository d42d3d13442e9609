import type { RepeatableCall } from "../../service/live-pipeline/repeatable-calls.ts";
import type { RowObject } from "../../service/rows/read-columns.ts";
import type { Services } from "../route-group.ts";
import { countRejects } from "./count-rejects.ts";
import { type BadRow, resultsText, type WantedResults } from "./results-text.ts";

/** Rows of one call, or a chunk of a stream. */
export interface RowChunk {
  /** Values in order; each object is a row. */
  readonly items: readonly unknown[];
  /** Errors of unparsed items, by index in `items`, which holds undefined there. */
  readonly unreadable?: ReadonlyMap<number, string>;
  /** Number of earlier rows of the call. */
  readonly offset: number;
  /** JSON text whose only rows are the items; undefined if there is none. */
  readonly text: string | undefined;
}

/** Settings of a call. */
export interface IngestOptions {
  readonly wanted: WantedResults;
  readonly strict: boolean;
  /** Key of the call, if the client may send it again. */
  readonly once?: RepeatableCall | undefined;
  /** Separator between results. */
  readonly separator: "," | "\n";
}

/** Result of a chunk. */
export interface IngestedChunk {
  readonly rowsAppended: number;
  readonly rowsRejected: number;
  readonly currentRows: number;
  readonly ignoredColumns: readonly string[];
  readonly warningCount: number;
  readonly alerts: number;
  /** Whether the call was executed before: it has its counts, and no results. */
  readonly isRepeated: boolean;
  /** A JSON object per row with results, separated, as UTF-8. */
  readonly results: Buffer;
}

/**
 * Appends, scores and alerts in one command. An item that is not a row gets an error; the others are processed.
 *
 * @throws {CommandError} As `CommandExecutor.execute`.
 */
export async function ingest(
  { commands, metrics, rejected, now }: Services,
  name: string,
  chunk: RowChunk,
  { wanted, strict, separator, once }: IngestOptions,
): Promise<IngestedChunk> {
  const { items, offset } = chunk;
  const bad: BadRow[] = [];
  for (let i = 0; i < items.length; i++) {
    const error = chunk.unreadable?.get(i) ?? faultOf(items[i]);
    if (error !== null) bad.push({ index: i, error });
  }
  const missing = new Set(bad.map(({ index }) => index));
  const places = bad.length === 0 ? undefined : [...items.keys()].filter((i) => !missing.has(i));
  const rows = (places?.map((i) => items[i]) ?? items) as readonly RowObject[];
  // the write-ahead log stores the text, so the text must hold exactly these rows
  const json = bad.length === 0 ? chunk.text : undefined;
  const begun = performance.now();
  const ingested = await commands.execute(
    { kind: "append", name, rows, arrivalMs: now(), strict, once, json },
    ({ answer, effect }) => {
      const counts = {
        rowsAppended: answer.rowsAppended,
        rowsRejected: answer.rowsRejected + bad.length,
        currentRows: answer.currentRows,
        ignoredColumns: answer.ignoredColumns,
        warningCount: answer.warningCount,
      };
      if (effect === null) {
        const alerts = answer.repeated?.alerts ?? 0;
        return { ...counts, alerts, isRepeated: true, results: Buffer.alloc(0) };
      }
      const { hosted, scored } = effect;
      if (hosted.config !== null && answer.rowsAppended > 0) {
        const detectors = hosted.pipeline.shape.detectors.map((detector) => detector.name);
        const seconds = (performance.now() - begun) / 1000;
        metrics.pipelineScored(name, detectors, seconds / answer.rowsAppended);
      }
      if (hosted.config !== null) {
        const call = { items, offset, bad, places, read: scored.read };
        countRejects(call, rejected.of(name), now());
      }
      return {
        ...counts,
        isRepeated: false,
        alerts: hosted.config === null ? 0 : scored.output.events.length,
        results: resultsText(hosted, scored, { wanted, bad, places, offset, separator }),
      };
    },
  );
  if (!ingested.isRepeated) {
    metrics.appended(name, ingested.rowsAppended, ingested.warningCount);
  }
  return ingested;
}

function faultOf(item: unknown): string | null {
  if (typeof item === "object" && item !== null && !Array.isArray(item)) return null;
  const what = item === null ? "null" : Array.isArray(item) ? "a list" : `a ${typeof item}`;
  return `a row must be an object, {...}, not ${what}`;
}
