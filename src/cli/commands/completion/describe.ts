import { GLOBAL_OPTIONS, HELP, VERSION } from "../../options/global-options.ts";
import { longName } from "../../options/parse-options.ts";
import type { AnyCommand, Completion, OptionSpec } from "../../options/table.ts";

/** An option as a shell completes it. */
export interface DescribedOption {
  /** As `--pipeline`. */
  readonly long: string;
  /** As `-p`; null: the option has no short name. */
  readonly short: string | null;
  readonly description: string;
  /** Null: the option takes no value. */
  readonly value: Completion | null;
  readonly repeats: boolean;
}

/** A command as a shell completes it. */
export interface DescribedCommand {
  /** Names of the command and its groups: `["webhook", "verify"]`; empty for the program itself. */
  readonly path: readonly string[];
  readonly description: string;
  readonly options: readonly DescribedOption[];
  readonly argument: { readonly value: Completion; readonly repeats: boolean } | null;
  readonly commands: readonly DescribedCommand[];
}

const COMMON = [VERSION, ...GLOBAL_OPTIONS, HELP].map(describeOption);

/** The program with its commands, and the `help` command that the parser adds to each group. */
export async function describeProgram(commands: readonly AnyCommand[]): Promise<DescribedCommand> {
  return {
    path: [],
    description: "",
    options: COMMON,
    argument: null,
    commands: withHelp(await Promise.all(commands.map((command) => describe(command, []))), []),
  };
}

/** A command and all commands below it, parents first. */
export function flatten(command: DescribedCommand): DescribedCommand[] {
  return [command, ...command.commands.flatMap(flatten)];
}

/** A text in single quotes, for shells of the Bourne family. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

async function describe(command: AnyCommand, parent: readonly string[]): Promise<DescribedCommand> {
  const path = [...parent, command.name];
  const description = firstLine(command.summary ?? command.description);
  if ("commands" in command) {
    const children = withHelp(
      await Promise.all(command.commands.map((child) => describe(child, path))),
      path,
    );
    return { path, description, options: COMMON, argument: null, commands: children };
  }
  const { argument } = command;
  return {
    path,
    description,
    options: [...Object.values(await command.options()).map(describeOption), ...COMMON],
    argument: argument
      ? { value: argument.completion, repeats: argument.name.includes("...") }
      : null,
    commands: [],
  };
}

function withHelp(
  commands: readonly DescribedCommand[],
  parent: readonly string[],
): readonly DescribedCommand[] {
  const names = commands.map(({ path }) => path.at(-1) ?? "");
  const help = {
    path: [...parent, "help"],
    description: "display help for command",
    options: COMMON,
    argument: { value: names, repeats: false },
    commands: [],
  };
  return [...commands, help];
}

function describeOption(spec: OptionSpec): DescribedOption {
  return {
    long: longName(spec),
    short: /^-\w(?=,)/.exec(spec.flags)?.[0] ?? null,
    description: firstLine(spec.help),
    value: spec.kind?.completion ?? null,
    repeats: spec.repeats === true,
  };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
