import { suggest } from "../../config/suggest.ts";
import { CommandError } from "../command-error.ts";

const NAME_PATTERN = /^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,64}$/;

/**
 * Checks that a name fits into URLs.
 *
 * @throws {CommandError} `invalid`.
 */
export function checkName(name: string): void {
  if (NAME_PATTERN.test(name)) return;
  const shown = JSON.stringify(name.slice(0, 80));
  throw new CommandError("invalid", `${shown} can't be a name`, {
    field: "name",
    hint: "Use 1 to 64 letters, digits, dots, dashes or underscores",
  });
}

/** Number of variants that a buffer or a detector may have. */
export const MAX_VARIANTS = 4;

/** Names of the variants that a detector may have, which no client can choose: `~` is not allowed in a name. */
export function variantNames(name: string): readonly string[] {
  return Array.from({ length: MAX_VARIANTS }, (_, i) => `${name}~${i + 1}`);
}

/** Whether a detector is a variant. */
export function isVariantName(name: string): boolean {
  return name.includes("~");
}

/** The error that a name is unknown. */
export function notFound(what: string, name: string, known: Iterable<string>): CommandError {
  const names = [...known];
  const hint =
    names.length === 0
      ? `There is no ${what} yet: create it first`
      : suggest(name, names, "There are");
  return new CommandError("not_found", `there is no ${what} ${JSON.stringify(name.slice(0, 80))}`, {
    hint,
  });
}

/**
 * @param count Number after the command.
 * @throws {CommandError} `limit` if it is above `most`.
 */
export function checkCount(what: string, count: number, most: number, field?: string): void {
  if (count <= most) return;
  throw new CommandError("limit", `${count} ${what} are more than the ${most} that are allowed`, {
    field,
  });
}
