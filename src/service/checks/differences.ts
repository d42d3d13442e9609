import { isDeepStrictEqual } from "node:util";
import { CommandError } from "../command-error.ts";
import { show } from "./warnings.ts";

/** Number of elements of a list that an error names. */
const MAX_SHOWN = 10;

/**
 * Lists the differences of two definitions: `max_rows is 10000, not 5000`, `schema.pressure is "float", not left out`,
 * `features lacks "a_mean" and has "a_std" too`.
 *
 * @param present The existing definition, with the names of the API.
 * @param wanted The requested one.
 */
export function differences(present: Fields, wanted: Fields): readonly string[] {
  const names = new Set([...Object.keys(present), ...Object.keys(wanted)]);
  return [...names].sort().flatMap((name) => difference(name, present[name], wanted[name]));
}

type Fields = Readonly<Record<string, unknown>>;

function difference(name: string, present: unknown, wanted: unknown): readonly string[] {
  if (isDeepStrictEqual(present, wanted)) return [];
  if (isRecord(present) && isRecord(wanted)) {
    return differences(present, wanted).map((inside) => `${name}.${inside}`);
  }
  const lacking = missing(wanted, present);
  const further = missing(present, wanted);
  const parts = [
    ...(lacking === "" ? [] : [`lacks ${lacking}`]),
    ...(further === "" ? [] : [`has ${further} too`]),
  ];
  if (parts.length > 0) return [`${name} ${parts.join(" and ")}`];
  return [`${name} is ${shownValue(present)}, not ${shownValue(wanted)}`];
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Elements of a list that another list lacks; empty if the values are not lists. */
function missing(from: unknown, other: unknown): string {
  if (!Array.isArray(from) || !Array.isArray(other)) return "";
  const found = from.filter((element) => !other.includes(element));
  const more = found.length > MAX_SHOWN ? ` (and ${found.length - MAX_SHOWN} more)` : "";
  return (
    found
      .slice(0, MAX_SHOWN)
      .map((element) => show(element))
      .join(", ") + more
  );
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
