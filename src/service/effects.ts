import type { AlertEvent, Episode } from "../core/alerts/alert-event.ts";
import type { PipelineOutput } from "./live-pipeline/live-pipeline.ts";
import type { HostedBuffer } from "./registry.ts";
import type { ReadRows } from "./rows/row-object-reader.ts";
import type { RowTexts } from "./scoring/row-texts.ts";

/** Rows that a pipeline has appended and scored; its next append but one overwrites the arrays. */
export interface ScoredRows extends PipelineOutput {
  /** The rows as the command gave them, with warnings. */
  readonly read: ReadRows;
  /** Cache of {@link RowTexts.of}. */
  texts?: RowTexts;
}

/** Rows went through a pipeline. */
export interface RowsEffect {
  readonly kind: "rows";
  readonly hosted: HostedBuffer;
  readonly scored: ScoredRows;
}

/** Passing time caused events without a row. */
export interface DueEffect {
  readonly kind: "due";
  readonly hosted: HostedBuffer;
  readonly events: readonly AlertEvent[];
  readonly episodes: readonly Episode[];
}
