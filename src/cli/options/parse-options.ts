import type { Command } from "commander";
import { suggestAndList } from "../../config/suggest.ts";
import { type Fault, IotmonError } from "../../core/errors.ts";
import type { GlobalOptions } from "../context.ts";
import type { CommandSpec, Kind, OptionSpec, OptionsOf, OptionTable } from "./table.ts";

/**
 * The typed options of a command line.
 *
 * @param command As commander parsed it: the values are still texts.
 * @throws {IotmonError} `ERR_USAGE` with all faults: invalid values, and options that exclude or need others.
 */
export async function parseOptions<Table extends OptionTable>(
  { options: load, check }: CommandSpec<Table>,
  command: Command,
): Promise<OptionsOf<Table>> {
  const table = await load();
  const faults: Fault[] = [];
  const globals = command.optsWithGlobals<GlobalOptions>();
  const options: Record<string, unknown> = {
    quiet: globals.quiet === true,
    verbose: globals.verbose === true,
    color: globals.color,
  };
  for (const [name, spec] of Object.entries(table)) {
    options[name] = optionValue(spec, command.getOptionValue(attributeOf(spec)), faults);
  }
  const hasValues = faults.length === 0;
  faults.push(...relationFaults(table, command));
  if (hasValues) faults.push(...((await check?.(options as OptionsOf<Table>)) ?? []));
  if (faults.length > 0) throw new IotmonError("ERR_USAGE", "wrong options", { faults });
  return options as OptionsOf<Table>;
}

/** The long name of an option: `--save-state`. */
export function longName({ flags }: OptionSpec): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? flags;
}

/** The name under which commander keeps a value: `saveState`. */
function attributeOf(spec: OptionSpec): string {
  return longName(spec)
    .slice(2)
    .replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function optionValue(spec: OptionSpec, given: unknown, faults: Fault[]): unknown {
  const { kind } = spec;
  if (kind === undefined) return given === true;
  const parsed = (text: string): unknown => {
    const value = kind.parse(text);
    if (value === undefined) {
      const message = `${longName(spec)} ${JSON.stringify(text)} is not valid`;
      faults.push({ at: "", message, hint: hintFor(kind, text) });
    }
    return value;
  };
  if (spec.repeats === true) return ((given ?? []) as string[]).map(parsed);
  return given === undefined ? spec.otherwise : parsed(given as string);
}

function hintFor({ completion, expected }: Kind<unknown>, text: string): string {
  if (typeof expected === "function") return expected(text);
  const isChoice = typeof completion !== "string";
  return isChoice ? suggestAndList(text, completion, "Choices are") : `Expected ${expected}`;
}

/** Finds options that exclude each other, and options without a needed one. */
function relationFaults(table: OptionTable, command: Command): Fault[] {
  const isGiven = (name: string): boolean => {
    const spec = table[name];
    return spec !== undefined && command.getOptionValueSource(attributeOf(spec)) === "cli";
  };
  return Object.entries(table).flatMap(([name, spec]) => {
    if (!isGiven(name)) return [];
    const own = longName(spec);
    const excluded = Object.entries(spec.excludes ?? {}).filter(([other]) => isGiven(other));
    const needed = Object.entries(spec.needs ?? {}).filter(([other]) => !isGiven(other));
    return [
      ...excluded.map(([other, reason]) => {
        const rival = longName(table[other] ?? spec);
        return {
          at: "",
          message: `${own} can't be used with ${rival}: ${reason}`,
          hint: `Leave out ${own} or ${rival}`,
        };
      }),
      ...needed.map(([other, reason]) => {
        const { flags } = table[other] ?? spec;
        return {
          at: "",
          message: `${own} needs ${longName({ flags, help: "" })}: ${reason}`,
          hint: `Add ${flags.replace(/^-\w, /, "")}`,
        };
      }),
    ];
  });
}
