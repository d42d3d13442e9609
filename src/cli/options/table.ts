import type { Fault } from "../../core/errors.ts";
import type { CliContext, GlobalOptions } from "../context.ts";

/** How a shell completes a value: with words, a path, or nothing. */
export type Completion = "file" | "folder" | "nothing" | readonly string[];

/** A kind of value: how to parse and to complete its text. */
export interface Kind<Value> {
  /** Undefined: the text is not a value of this kind. */
  parse(text: string): Value | undefined;
  /** For the hint of a fault: `a time such as 2024-05-01`, or the hint for a wrong text. */
  readonly expected: string | ((text: string) => string);
  readonly completion: Completion;
}

/** Why an option excludes others, or needs them: name of the other option in the table to the reason. */
type Relations = Readonly<Record<string, string>>;

/** An option of a command. Parsing, help and completion are derived from it; a test compares `docs/`. */
export interface OptionSpec {
  /** As the help shows them: `-p, --pipeline <file>`. */
  readonly flags: string;
  readonly help: string;
  /** Absent: the option takes no value. */
  readonly kind?: Kind<unknown>;
  readonly repeats?: true;
  readonly required?: true;
  /** The default as text; shown in the help. */
  readonly default?: string;
  /** Value when the option is absent and has no default. */
  readonly otherwise?: unknown;
  readonly excludes?: Relations;
  readonly needs?: Relations;
}

/** The options of a command, by their names in the code. */
export type OptionTable = Readonly<Record<string, OptionSpec>>;

type ValueOf<Spec extends OptionSpec> = Spec extends { readonly kind: Kind<infer Value> }
  ? Spec extends { readonly repeats: true }
    ? readonly Value[]
    : Spec extends { readonly default: string } | { readonly required: true }
      ? Value
      : Spec extends { readonly otherwise: infer Otherwise }
        ? Value | Otherwise
        : Value | undefined
  : boolean;

/** The parsed options that a table describes, with those that every command takes. */
export type OptionsOf<Table extends OptionTable> = GlobalOptions & {
  readonly [Name in keyof Table]: ValueOf<Table[Name]>;
};

/** A positional argument. */
interface ArgumentSpec {
  /** As the help shows it: `<file...>`, `[file...]`. */
  readonly name: string;
  readonly help: string;
  readonly completion: Completion;
  /** Value when the argument is absent; shown in the help. */
  readonly default?: string;
}

interface Described {
  readonly name: string;
  /** One line for the list of commands; absent: the description. */
  readonly summary?: string;
  readonly description: string;
}

/** A command; only the command that runs loads its options and its code. */
export interface CommandSpec<Table extends OptionTable> extends Described {
  readonly argument?: ArgumentSpec;
  /** Loads its options, which may list what registries of the program hold. */
  options(): Promise<Table>;
  /** Finds faults that depend on the values of options. */
  check?(options: OptionsOf<Table>): Promise<readonly Fault[]>;
  /** @returns The exit code. */
  run(
    args: readonly string[],
    options: OptionsOf<Table>,
    context: CliContext,
    commands: readonly AnyCommand[],
  ): Promise<number>;
}

/** Commands under a common name: `webhook verify`, `webhook test`. */
export interface CommandGroup extends Described {
  readonly commands: readonly CommandSpec<OptionTable>[];
}

/** A command or a group of commands. */
export type AnyCommand = CommandSpec<OptionTable> | CommandGroup;

/** Defines a command; the types of its `run` follow from its table. */
export function defineCommand<const Table extends OptionTable>(
  spec: CommandSpec<Table>,
): CommandSpec<OptionTable> {
  return spec as unknown as CommandSpec<OptionTable>;
}
