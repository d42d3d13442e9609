import { type Command, Option } from "commander";
import { collectValues } from "../../collect-values.ts";
import type { CliContext } from "../../context.ts";
import type { ServeFlags } from "./serve.ts";
import { SERVE_STATE } from "./serve-state.ts";

/** Adds `iotmon serve` to the program. */
export function addServe(
  program: Command,
  context: CliContext,
  version: string,
  done: (exitCode: number) => void,
): void {
  program
    .command("serve")
    .summary("serve the HTTP API: buffers, features, streaming detectors")
    .description(
      "Serves the HTTP API until Ctrl-C or SIGTERM: buffers, rolling features, streaming\n" +
        "detectors. Its documentation is at /docs. Only this machine can reach it, unless\n" +
        "--host says otherwise.",
    )
    .option(
      "-p, --pipeline <file>",
      "pipeline file to run; may be repeated; read again at SIGHUP",
      collectValues,
    )
    .option("--host <address>", "where to listen; localhost is 127.0.0.1 and ::1", "localhost")
    .option("--port <n>", "port; 0 takes any that is free and says which", "14345")
    .option("--token-file <file>", "who may use it: a hashed token a line, for reading or writing")
    .addOption(
      new Option(
        "--new-token <scope>",
        "print a new token and its line for the token file",
      ).choices(["read", "write"]),
    )
    .option("--insecure", "let other machines in without a token")
    .option("--state <dir>", "where everything is kept", SERVE_STATE)
    .addOption(
      new Option(
        "--durability <when>",
        "when a change is answered: once it is on the disk (always); once the system has it, which\n" +
          "survives kill -9, and it is on the disk within a second (interval); at once (none)",
      )
        .choices(["always", "interval", "none"])
        .default("interval"),
    )
    .option("--cors <origin>", "let pages of this origin use it; may be repeated", collectValues)
    .action(async (_options: unknown, command: Command) => {
      const { runServe } = await import("./serve.ts");
      done(await runServe(command.optsWithGlobals<ServeFlags>(), version, context));
    });
}
