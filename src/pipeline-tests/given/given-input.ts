import { Readable } from "node:stream";
import type { PipelineConfig } from "../../config/schema/pipeline.ts";
import type { TestConfig } from "../../config/schema/tests.ts";
import { recordingSource } from "../../config/sources.ts";
import { RECORDING_FORMATS } from "../../io/recording.ts";
import { expandInputs } from "../../io/sources/expand-inputs.ts";
import { Input } from "../../io/sources/input.ts";
import { givenColumns } from "./given-columns.ts";
import { rowsText } from "./rows-text.ts";
import { seriesText } from "./series-text.ts";

/** The input of a test, as bytes, and how its records are counted. */
export interface Given {
  readonly inputs: readonly Input[];
  readonly format: string;
  /** Number by which a test names a record, by its number in the input; both from 1 on. */
  rowOf(record: number): number;
}

/**
 * The input of a test: whatever way its rows are given in, they become bytes that decoders read.
 *
 * @param folder That relative paths start from: the one of the test's file.
 * @throws {IotmonError} As `expandInputs`, for a test with a file.
 */
export async function givenInput(
  test: TestConfig,
  config: PipelineConfig,
  folder: string,
): Promise<Given> {
  const { file, input, rows } = test;
  const itself = (record: number): number => record;
  if (file !== undefined) {
    const place = { cwd: folder, stdin: Readable.from([]) };
    return {
      inputs: await expandInputs([file], place),
      format: format(test, config),
      rowOf: itself,
    };
  }
  if (input !== undefined) {
    return { inputs: [textInput(input, "input")], format: format(test, config), rowOf: itself };
  }
  const columns = givenColumns(test, config);
  if (rows !== undefined) {
    const text = rowsText(rows, test, columns);
    return { inputs: [textInput(text, columns.sensor)], format: "jsonl", rowOf: itself };
  }
  const { text, steps } = seriesText(test, columns);
  const rowOf = (record: number): number => steps[record - 1] ?? record;
  return { inputs: [textInput(text, columns.sensor)], format: "csv", rowOf };
}

function textInput(text: string, stem: string): Input {
  const bytes = Buffer.from(text);
  return new Input({
    label: "input",
    stem,
    size: bytes.length,
    path: null,
    open: () => Readable.from([bytes]),
  });
}

/** That of the test, else that of the pipeline's source where a recording may have it. */
function format(test: TestConfig, config: PipelineConfig): string {
  if (test.format !== "auto") return test.format;
  const own = recordingSource(config)?.source.format ?? "auto";
  return RECORDING_FORMATS.includes(own) ? own : "auto";
}
