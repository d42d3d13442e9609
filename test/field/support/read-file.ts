import { PassThrough } from "node:stream";
import {
  openRecordings,
  type RecordingRequest,
} from "../../../src/cli/commands/replay/recording/open-recordings.ts";
import { openingLines } from "../../../src/config/opening/opening-lines.ts";
import type { Batch } from "../../../src/core/batch.ts";
import { Intake } from "../../../src/engine/intake.ts";
import type { Reject } from "../../../src/io/decoders/decode-context.ts";
import type { Reading } from "../layouts/recording.ts";

/** A file as `replay` reads it. */
export interface ReadFile {
  readonly rows: readonly Reading[];
  readonly rejects: readonly Reject[];
  readonly opening: readonly string[];
}

/**
 * Reads a file with the code of `replay`, without scoring it.
 *
 * @param settings Settings of the command line.
 * @throws {IotmonError} As `replay`.
 */
export async function readFile(
  path: string,
  settings: Partial<RecordingRequest> = {},
): Promise<ReadFile> {
  const unset = { pipeline: null, times: {}, zone: undefined, labels: undefined };
  const request = { ...unset, inputFormat: "auto", strict: false };
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const { readings, pipeline, remarks, keys } = await openRecordings(
    { ...request, paths: [path], ...settings },
    {
      ...{ stdin, stdout, stderr, env: {}, cwd: "/" },
      signal: new AbortController().signal,
      abandonStdout: () => {},
    },
  );
  const { layout, join } = pipeline;
  const intake = new Intake({ outOfOrder: "process", join });
  const rows: Reading[] = [];
  const rejects: Reject[] = [];
  const reject = (rejected: Reject): void => void rejects.push(rejected);
  const add = (batch: Batch): void => {
    for (let i = 0; i < batch.length; i++) {
      const values = layout.numeric.map((name, c) => [name, batch.columns[c]?.[i] as number]);
      rows.push({
        time: batch.timestamps[i] as number,
        sensor: keys.names[batch.keys[i] as number] as string,
        values: Object.fromEntries(values),
      });
    }
  };
  for await (const batch of readings.batches({ layout, keys, reject, note: () => {} })) {
    add(intake.accept(batch));
  }
  const rest = intake.flush();
  if (rest !== null) add(rest);
  return { rows, rejects, opening: openingLines(readings.profile.format, remarks) };
}
