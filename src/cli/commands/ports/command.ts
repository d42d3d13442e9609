import { type Command, Option } from "commander";
import type { CliContext } from "../../context.ts";
import type { PortsOptions } from "./ports.ts";

/** Adds `iotmon ports` to the program. */
export function addPorts(
  program: Command,
  context: CliContext,
  done: (exitCode: number) => void,
): void {
  program
    .command("ports")
    .summary("list serial ports, with names that stay the same")
    .description(
      "Lists serial ports: the name to watch, which stays the same when the port is plugged in again\n" +
        "where the system gives such names, the device, whether this user may read it, what it is.",
    )
    .addOption(
      new Option("--format <format>", "how results are shown")
        .choices(["table", "json"])
        .default("table"),
    )
    .action(async (_options: unknown, command: Command) => {
      const { runPorts } = await import("./ports.ts");
      done(await runPorts(command.optsWithGlobals<PortsOptions>(), context));
    });
}
