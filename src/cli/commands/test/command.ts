import { FILE, FORMAT, TEXT } from "../../options/kinds.ts";
import { defineCommand, type OptionsOf, type OptionTable } from "../../options/table.ts";

const OPTIONS = {
  run: {
    flags: "--run <pattern>",
    kind: TEXT,
    help: "run only tests whose name matches this expression",
  },
  update: {
    flags: "--update",
    help: "write actual results into the files as expected results; keeps comments",
  },
  junit: {
    flags: "--junit <file>",
    kind: FILE,
    help: "also write the results to this file as JUnit XML",
  },
  format: FORMAT,
} as const satisfies OptionTable;

/** The parsed options of `test`. */
export type TestOptions = OptionsOf<typeof OPTIONS>;

/** `iotmon test`. */
export const testCommand = defineCommand({
  name: "test",
  summary: "run the tests of pipelines: input rows and their expected results",
  description:
    "Runs the tests of pipeline files, and of *.test.yaml files beside them. A test feeds rows as\n" +
    "bytes and compares alerts, scores, rejected rows and messages to sinks. Nothing is sent.\n" +
    "Exits with 1 when a test fails.",
  argument: {
    name: "<file...>",
    help: "pipeline files and *.test.yaml files",
    completion: "file",
  },
  options: OPTIONS,
  async run(files, options, context) {
    const { runTests } = await import("./test.ts");
    return runTests(files, options, context);
  },
});
