import { type Command, Option } from "commander";
import type { CliContext } from "../../context.ts";
import type { TestOptions } from "./test.ts";

/** Adds `iotmon test` to the program. */
export function addTest(
  program: Command,
  context: CliContext,
  done: (exitCode: number) => void,
): void {
  program
    .command("test")
    .summary("run the tests of pipelines: rows, and what must come of them")
    .description(
      "Runs the tests of pipeline files, and of *.test.yaml files beside them: rows go in as bytes, and\n" +
        "alerts, scores, rejected rows and messages to sinks must be as expected. Nothing is sent.\n" +
        "Exits with 1 when one is not.",
    )
    .argument("<file...>", "pipeline files and *.test.yaml files")
    .option("--run <pattern>", "only tests whose name this expression matches")
    .option("--update", "write what happens into the files as what is expected; comments stay")
    .option("--junit <file>", "write the results there too, as JUnit XML")
    .addOption(
      new Option("--format <format>", "how results are shown")
        .choices(["table", "json"])
        .default("table"),
    )
    .action(async (files: string[], _options: unknown, command: Command) => {
      const { runTests } = await import("./test.ts");
      done(await runTests(files, command.optsWithGlobals<TestOptions>(), context));
    });
}
