import { Argument, Command, Option } from "commander";
import { COMMANDS } from "./commands/registry.ts";
import type { CliContext, OutputStream } from "./context.ts";
import { GLOBAL_OPTIONS, HELP, VERSION } from "./options/global-options.ts";
import type { AnyCommand, CommandSpec, OptionSpec, OptionTable } from "./options/table.ts";
import { widthOf } from "./render/stream.ts";

/** What the parser needs to run commands. */
export interface ProgramHooks {
  /** The command line. Only the commands that it names load their options. */
  readonly words: readonly string[];
  readonly context: CliContext;
  readonly version: string;
  /** Takes the exit code of the command that ran. */
  done(exitCode: number): void;
}

/**
 * The parser of command lines, built from the tables of the commands. A command loads its options when the command
 * line names it, and its code when it runs, so that `--help` is quick.
 */
export async function createProgram(hooks: ProgramHooks): Promise<Command> {
  const { context, version } = hooks;
  const program = new Command("iotmon")
    .description(
      "Turns a stream of sensor readings into few, explained alerts,\n" +
        "and shows on recorded history which alerts it would have raised.",
    )
    .version(version, VERSION.flags, VERSION.help)
    .helpOption(HELP.flags, HELP.help)
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
  for (const spec of GLOBAL_OPTIONS) program.addOption(toOption(spec));
  for (const command of COMMANDS) await add(program, command, hooks);
  return program;
}

function helpWidth(stream: OutputStream): number {
  const width = widthOf(stream);
  return Number.isFinite(width) ? width : 80;
}

async function add(parent: Command, spec: AnyCommand, hooks: ProgramHooks): Promise<void> {
  const command = parent.command(spec.name).description(spec.description);
  if (spec.summary !== undefined) command.summary(spec.summary);
  if (!("commands" in spec)) await addRunning(command, spec, hooks);
  else for (const child of spec.commands) await add(command, child, hooks);
}

async function addRunning(
  command: Command,
  spec: CommandSpec<OptionTable>,
  { words, context, done }: ProgramHooks,
): Promise<void> {
  if (spec.argument !== undefined) {
    const { name, help, completion, default: value } = spec.argument;
    const argument = new Argument(name, help);
    if (typeof completion !== "string") argument.choices(completion);
    command.addArgument(value === undefined ? argument : argument.default(value));
  }
  if (words.includes(spec.name)) {
    for (const option of Object.values(await spec.options())) command.addOption(toOption(option));
  }
  command.action(async () => {
    const { parseOptions } = await import("./options/parse-options.ts");
    const args = command.processedArgs.flat().filter((arg) => arg !== undefined);
    done(await spec.run(args, await parseOptions(spec, command), context, COMMANDS));
  });
}

function toOption(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.help);
  const completion = spec.kind?.completion ?? "nothing";
  // for the help; `choices()` would also check the value, without a suggestion
  if (typeof completion !== "string") option.argChoices = [...completion];
  if (spec.default !== undefined) option.default(spec.default);
  if (spec.required === true) option.makeOptionMandatory();
  if (spec.repeats === true) {
    option.argParser((text, before?: readonly string[]) => [...(before ?? []), text]);
  }
  return option;
}
