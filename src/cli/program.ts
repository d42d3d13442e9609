import { Argument, Command, Option } from "commander";
import type { CheckOptions } from "./commands/check/check.ts";
import { addCompletion } from "./commands/completion/command.ts";
import type { DeadLetterOptions } from "./commands/dead-letters/dead-letters.ts";
import { addInit } from "./commands/init/command.ts";
import { addPorts } from "./commands/ports/command.ts";
import { addReplay } from "./commands/replay/command.ts";
import { addServe } from "./commands/serve/command.ts";
import { addTest } from "./commands/test/command.ts";
import { addState, addWatch } from "./commands/watch/command.ts";
import type { WebhookTestOptions } from "./commands/webhook/webhook-test.ts";
import type { WebhookVerifyOptions } from "./commands/webhook/webhook-verify.ts";
import type { CliContext, OutputStream } from "./context.ts";
import { widthOf } from "./render/width.ts";

/** How a command line is turned into calls of commands. */
export interface ProgramHooks {
  readonly context: CliContext;
  readonly version: string;
  /** Takes the exit code of the command that ran. */
  done(exitCode: number): void;
}

/**
 * The commands and their options. Only commander is loaded here: `--help` must be quick, so each
 * command loads what it needs when it runs.
 */
export function createProgram({ context, version, done }: ProgramHooks): Command {
  const program = new Command("iotmon")
    .description(
      "Turns a stream of sensor readings into few, explained alerts,\n" +
        "and proves on recorded history what it would have done.",
    )
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .option("-q, --quiet", "nothing on stderr but errors")
    .option("-v, --verbose", "say more on stderr")
    .option("--no-color", "no colours (also: NO_COLOR=1)")
    .showHelpAfterError("  Run `iotmon --help`, or add --help to a command")
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      getOutHelpWidth: () => helpWidth(context.stdout),
      getErrHelpWidth: () => helpWidth(context.stderr),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      outputError: (text, write) => write(text.replace(/\n\(Did you/, "\n  (Did you")),
    });

  addReplay(program, context, done);
  addWatch(program, context, done);
  addPorts(program, context, done);
  addServe(program, context, version, done);

  program
    .command("check")
    .summary("validate pipeline files without running them")
    .description(
      "Validates pipeline files: every fault with file:line:column. Where the source is a file that\n" +
        "exists, or buffer.schema is given, columns are checked too.",
    )
    .argument("<file...>", "pipeline files (YAML or JSON)")
    .addOption(formatOption(["table", "json"]))
    .action(async (files: string[], _options: unknown, command: Command) => {
      const { runCheck } = await import("./commands/check/check.ts");
      done(await runCheck(files, command.optsWithGlobals<CheckOptions>(), context));
    });

  addTest(program, context, done);

  program
    .command("schema")
    .summary("print the JSON Schema of pipeline files, or of alert messages")
    .description(
      "Prints a JSON Schema: of pipeline files, for editors, or of alert messages, for receivers.",
    )
    .addArgument(
      new Argument("[what]", "what it describes")
        .choices(["pipeline", "alert"])
        .default("pipeline"),
    )
    .action(async (what: "pipeline" | "alert") => {
      const { runSchema } = await import("./commands/schema/schema.ts");
      done(await runSchema(what, context));
    });

  addInit(program, context, done);
  addWebhook(program, context, done);
  addDeadLetters(program, context, done);
  addState(program, context, done);
  addCompletion(program, context, done);

  return program;
}

function helpWidth(stream: OutputStream): number {
  const width = widthOf(stream);
  return Number.isFinite(width) ? width : 80;
}

function addWebhook(program: Command, context: CliContext, done: ProgramHooks["done"]): void {
  const webhook = program
    .command("webhook")
    .summary("for people who write receivers: verify a message, send a test message")
    .description("Helps to write and set up receivers of messages.");

  webhook
    .command("verify")
    .summary("say whether a message is signed with a secret, and if not, what is wrong")
    .description(
      "Checks the signature of a message as a receiver should. Exits with 1 when it does not hold.\n" +
        "The secret comes from a variable of the environment or from a file, never from an option.",
    )
    .argument("[body]", "file with the body as it was received, byte for byte; - for stdin", "-")
    .requiredOption("--id <id>", "value of the header webhook-id")
    .requiredOption("--timestamp <seconds>", "value of the header webhook-timestamp")
    .requiredOption("--signature <signatures>", "value of the header webhook-signature")
    .option("--secret-env <name>", "variable that holds the secret", "ALERT_SECRET")
    .option("--secret-file <file>", "file that holds the secret, instead")
    .option("--tolerance <duration>", "how far the timestamp may be from now", "5m")
    .action(async (body: string, _options: unknown, command: Command) => {
      const { runWebhookVerify } = await import("./commands/webhook/webhook-verify.ts");
      done(await runWebhookVerify(body, command.optsWithGlobals<WebhookVerifyOptions>(), context));
    });

  webhook
    .command("test")
    .summary("send a test message to the sinks of a pipeline now")
    .description(
      "Sends one made-up message to each webhook, alertmanager and slack sink of a pipeline, and shows\n" +
        "what they answer. Exits with 69 when one does not take it.",
    )
    .requiredOption("-p, --pipeline <file>", "pipeline file (YAML or JSON)")
    .option("--sink <name>", "this sink only")
    .action(async (_options: unknown, command: Command) => {
      const { runWebhookTest } = await import("./commands/webhook/webhook-test.ts");
      done(await runWebhookTest(command.optsWithGlobals<WebhookTestOptions>(), context));
    });
}

function addDeadLetters(program: Command, context: CliContext, done: ProgramHooks["done"]): void {
  const letters = program
    .command("dead-letters")
    .summary("messages that a sink did not take: list, show, redrive or purge them")
    .description(
      "Messages that a sink rejected, or did not take in time. The state directory is that of --state,\n" +
        "that of a pipeline, or the only one in .iotmon.",
    );
  const add = (name: string, description: string): Command =>
    letters
      .command(name)
      .description(description)
      .option("--state <dir>", "state directory")
      .option("-p, --pipeline <file>", "pipeline file whose state directory is meant")
      .option("--sink <name>", "only those of this sink");

  add("list", "Lists dead letters, the oldest first.")
    .addOption(formatOption(["table", "json"]))
    .action(async (_options: unknown, command: Command) => {
      const { runList } = await import("./commands/dead-letters/dead-letters.ts");
      done(await runList(command.optsWithGlobals<DeadLetterOptions>(), context));
    });
  add("show", "Shows a dead letter with its message.")
    .argument("<id>", "id of the message, or its beginning")
    .addOption(formatOption(["table", "json"]))
    .action(async (id: string, _options: unknown, command: Command) => {
      const { runShow } = await import("./commands/dead-letters/dead-letters.ts");
      done(await runShow(id, command.optsWithGlobals<DeadLetterOptions>(), context));
    });
  for (const [change, description] of [
    ["redrive", "Puts dead letters back into the queue, under the same ids, and their sinks on."],
    ["purge", "Deletes dead letters."],
  ] as const) {
    add(change, description)
      .argument("[id...]", "ids of messages, or their beginnings")
      .option("--all", "all of them")
      .action(async (ids: string[], _options: unknown, command: Command) => {
        const { runChange } = await import("./commands/dead-letters/dead-letters.ts");
        done(await runChange(change, ids, command.optsWithGlobals<DeadLetterOptions>(), context));
      });
  }
}

function formatOption(formats: readonly [string, ...string[]]): Option {
  return new Option("--format <format>", "how results are shown")
    .choices(formats)
    .default(formats[0]);
}
