import { openReadings } from "../../src/cli/recordings/open-readings.ts";
import { parsePipeline } from "../../src/config/parse.ts";
import { type ResolvedPipeline, resolvePipeline } from "../../src/config/resolve.ts";
import type { PipelineDocument } from "../../src/config/schema/pipeline.ts";
import type { Batch } from "../../src/core/batch.ts";
import { KeyTable } from "../../src/core/key-table.ts";

/** A decoded recording. */
export interface OpenedRecording {
  readonly pipeline: ResolvedPipeline;
  readonly keys: KeyTable;
  readonly batches: AsyncIterable<Batch>;
}

/**
 * Opens a recording as `replay` does: infers its format from the start, fits the pipeline, decodes batches.
 *
 * @throws {Error} At the first rejected row: a generated file has none.
 */
export async function openRecording(
  path: string,
  document: PipelineDocument,
): Promise<OpenedRecording> {
  const place = { cwd: process.cwd(), stdin: process.stdin };
  const readings = await openReadings([path], { format: "auto", decode: { rename: {} } }, place);
  const loaded = parsePipeline(JSON.stringify(document), "bench.json", {});
  const pipeline = resolvePipeline(loaded, readings.profile, readings.first.stem);
  const keys = new KeyTable();
  const batches = readings.batches({
    layout: pipeline.layout,
    keys,
    reject: ({ line, detail }) => {
      throw new Error(`line ${line} is rejected: ${detail}`);
    },
    note: () => {},
  });
  return { pipeline, keys, batches };
}
