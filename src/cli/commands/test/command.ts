import { defineCommand } from "../../options/table.ts";

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
  options: async () => (await import("./options.ts")).OPTIONS,
  async run(files, options, context) {
    const { runTests } = await import("./test.ts");
    return runTests(files, options, context);
  },
});
