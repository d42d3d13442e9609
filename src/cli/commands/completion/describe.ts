import type { Argument, Command, Option } from "commander";

/** What may be written at a place: one of some words, a path, or something that no shell can guess. */
export type Completable =
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "file" | "folder" | "other" };

/** An option as a shell completes it. */
export interface DescribedOption {
  /** `--pipeline`, and if there is one `-p`. */
  readonly long: string;
  readonly short: string | null;
  readonly description: string;
  /** Null: it takes no value. */
  readonly value: Completable | null;
  readonly repeats: boolean;
}

/** A command as a shell completes it. */
export interface DescribedCommand {
  /** Names from the program's own on: `["webhook", "verify"]`; empty for the program itself. */
  readonly path: readonly string[];
  readonly description: string;
  readonly options: readonly DescribedOption[];
  readonly args: readonly { readonly value: Completable; readonly repeats: boolean }[];
  readonly commands: readonly DescribedCommand[];
}

/** Names of arguments and of values of options that are paths. */
const FILES = new Set(["file", "sample", "body", "source"]);
const FOLDERS = new Set(["dir"]);

/** All that `--help` shows of a command and those below it, also the options of the program. */
export function describeCommand(command: Command, path: readonly string[] = []): DescribedCommand {
  const help = command.createHelp();
  const options = [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
  const commands = help.visibleCommands(command);
  const names = commands.map((child) => child.name());
  return {
    path,
    description: firstLine(command.summary() || command.description()),
    options: options.flatMap(describeOption),
    args: command.registeredArguments.map(describeArgument),
    commands: commands.map((child) => {
      const described = describeCommand(child, [...path, child.name()]);
      if (child.name() !== "help") return described;
      return { ...described, args: [{ value: { kind: "words", words: names }, repeats: false }] };
    }),
  };
}

function describeOption(option: Option): DescribedOption[] {
  const { long, short, argChoices, description } = option;
  if (long === undefined) return [];
  const takesValue = option.required || option.optional;
  const name = /[<[]([^>\]]+)/.exec(option.flags)?.[1] ?? "";
  return [
    {
      long,
      short: short ?? null,
      description: firstLine(description),
      value: takesValue ? completable(name, argChoices) : null,
      repeats: option.parseArg !== undefined,
    },
  ];
}

function describeArgument(argument: Argument): DescribedCommand["args"][number] {
  return {
    value: completable(argument.name(), argument.argChoices),
    repeats: argument.variadic,
  };
}

function completable(name: string, choices: readonly string[] | undefined): Completable {
  if (choices !== undefined) return { kind: "words", words: choices };
  if (name.split("|").some((one) => FILES.has(one))) return { kind: "file" };
  return { kind: FOLDERS.has(name) ? "folder" : "other" };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
