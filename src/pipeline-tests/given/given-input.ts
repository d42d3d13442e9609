import { Readable } from "node:stream";
import type { PipelineConfig } from "../../config/schema/pipeline.ts";
import type { TestConfig } from "../../config/schema/tests/tests.ts";
import { recordingSource } from "../../config/sources.ts";
import { isoTime } from "../../core/timestamp/iso-time.ts";
import { FORMAT_NAMES } from "../../io/decoders/registry.ts";
import { expandInputs } from "../../io/sources/inputs/expand-inputs.ts";
import { Input } from "../../io/sources/inputs/input.ts";
import { type GivenColumns, givenColumns } from "./given-columns.ts";
import { seriesText } from "./series-text.ts";

/** The input of a test as bytes, and the numbering of its records. */
export interface Given {
  readonly inputs: readonly Input[];
  readonly format: string;
  /** Converts the number of an input record to the test's row number; both start at 1. */
  rowOf(record: number): number;
}

/**
 * Converts the rows of a test, in any notation, to bytes for the decoders.
 *
 * @param folder Of the test's file; the base of relative paths.
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

const TIME_NAME = /^(timestamp|time|datetime|date|ts)$/i;

/** Rows as JSON Lines. Adds a time and a sensor where they are missing. */
function rowsText(
  rows: NonNullable<TestConfig["rows"]>,
  { start, every }: Pick<TestConfig, "start" | "every">,
  { timestamp, key, sensor, declared }: GivenColumns,
): string {
  const missing = Object.fromEntries(declared.map((name) => [name, null]));
  return rows
    .map((row, i) => {
      const isTimed = Object.keys(row).some((name) => name === timestamp || TIME_NAME.test(name));
      const time = isTimed ? {} : { [timestamp]: isoTime(start + i * every) };
      const name = key === null ? {} : { [key]: sensor };
      return `${JSON.stringify({ ...time, ...name, ...missing, ...row })}\n`;
    })
    .join("");
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

/** The format of the test, else of the pipeline's source if recordings support it. */
function format(test: TestConfig, config: PipelineConfig): string {
  if (test.format !== "auto") return test.format;
  const own = recordingSource(config)?.source.format ?? "auto";
  return FORMAT_NAMES.some((name) => name === own) ? own : "auto";
}
