import { isDeepStrictEqual } from "node:util";
import { CommandError } from "../command-error.ts";
import { show } from "./warnings.ts";

/**
 * How two definitions of one thing differ: `max_rows is 10000, not 5000`.
 *
 * @param present As it is, by the names of the API.
 * @param wanted As it should be.
 * @returns Empty when they are the same.
 */
export function differences(
  present: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): readonly string[] {
  const names = new Set([...Object.keys(present), ...Object.keys(wanted)]);
  return [...names]
    .sort()
    .filter((name) => !isDeepStrictEqual(present[name], wanted[name]))
    .map((name) => `${name} is ${told(present[name])}, not ${told(wanted[name])}`);
}

function told(value: unknown): string {
  return value === undefined ? "left out" : show(value);
}

/** That a name is taken by another definition. */
export function nameConflict(what: string, name: string, found: readonly string[]): CommandError {
  const message = `there is a ${what} "${name}" with another definition: ${found.join("; ")}`;
  return new CommandError("conflict", message, {
    field: "name",
    hint: "Use another name, or replace=true to begin anew with this definition",
  });
}
