import { isDeepStrictEqual } from "node:util";
import { CommandError } from "../command-error.ts";
import { show } from "./warnings.ts";

/**
 * Lists the differences of two definitions: `max_rows is 10000, not 5000`.
 *
 * @param present The existing definition, with the names of the API.
 * @param wanted The requested one.
 */
export function differences(
  present: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): readonly string[] {
  const names = new Set([...Object.keys(present), ...Object.keys(wanted)]);
  return [...names]
    .sort()
    .filter((name) => !isDeepStrictEqual(present[name], wanted[name]))
    .map((name) => `${name} is ${shownValue(present[name])}, not ${shownValue(wanted[name])}`);
}

function shownValue(value: unknown): string {
  return value === undefined ? "left out" : show(value);
}

/**
 * The error that a name has another definition.
 *
 * @param kept A sentence without a period: whether the requested definition is a variant now.
 */
export function nameConflict(
  what: string,
  name: string,
  found: readonly string[],
  kept: string,
): CommandError {
  const message = `there is a ${what} "${name}" with another definition: ${found.join("; ")}`;
  return new CommandError("conflict", message, {
    field: "name",
    hint: `${kept}. Use another name, or replace=true to replace the ${what} and its variants`,
  });
}
