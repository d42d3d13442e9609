import { dirname } from "node:path";
import { replay } from "../../backtest/replay.ts";
import { resolvePipeline } from "../../config/resolve.ts";
import { decodeOptions, recordingSource } from "../../config/sources.ts";
import type { LoadedTest } from "../../config/tests/test-suite.ts";
import { IotmonError } from "../../core/errors.ts";
import { KeyTable } from "../../core/key-table.ts";
import type { Reject } from "../../io/decoders/decode-context.ts";
import { alertBody } from "../../io/messages/alert-body.ts";
import { Readings } from "../../io/readings.ts";
import { givenInput } from "../given/given-input.ts";
import type { TestMessage, TestOutcome } from "./outcome.ts";
import { RowRecorder } from "./row-recorder.ts";
import { recordSinks } from "./sink-recorder.ts";

/** The environment of a test. */
export interface TestSetting {
  /** File of the test, absolute. */
  readonly path: string;
  readonly cwd: string;
  readonly version: string;
  readonly signal: AbortSignal;
}

/**
 * Runs the rows of a test through the pipeline, with the decoders, engine and sinks of the live modes.
 *
 * @throws {IotmonError} `ERR_CONFIG` when the pipeline does not fit the rows, `ERR_DATA` when no row is
 * usable and none was rejected, `ERR_NO_INPUT` and the like for the file of a test.
 */
export async function runTest(loaded: LoadedTest, setting: TestSetting): Promise<TestOutcome> {
  const { test, pipeline } = loaded;
  const { config } = pipeline;
  const given = await givenInput(test, pipeline.config, dirname(setting.path));
  const options = decodeOptions(recordingSource(config)?.source, {}, config.buffer);
  const readings = await Readings.open(given.inputs, given.format, options);
  const messages: TestMessage[] = [];
  const rejects: Reject[] = [];
  let recorder: RowRecorder;
  try {
    const resolved = resolvePipeline(pipeline, readings.profile, readings.first.stem);
    const { plan, layout } = resolved;
    const keys = new KeyTable(resolved.maxKeys);
    recorder = new RowRecorder(plan, keys, given.rowOf);
    const batches = readings.batches({
      layout,
      keys,
      reject: (reject) => rejects.push(reject),
      note: () => {},
    });
    await replay(batches, {
      pipeline: resolved,
      keys,
      scores: recorder,
      signal: setting.signal,
      async onBatch(events) {
        for (const event of events) {
          const row = recorder.rowAt(event.episode.key, event.timestamp);
          messages.push({ body: alertBody(event, plan, keys), at: event.timestamp, row });
        }
      },
    }).catch((error: unknown) => {
      // the test may expect that all rows are rejected
      const isRejected = error instanceof IotmonError && error.code === "ERR_DATA";
      if (!isRejected || rejects.length === 0) throw error;
    });
  } finally {
    readings.close();
  }
  const sinks = Object.keys(test.expect.sinks ?? {});
  const requests = await recordSinks(pipeline, sinks, messages, setting);
  return { messages, scores: recorder.scores, rejects, requests };
}
