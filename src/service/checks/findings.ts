import type { Path } from "../../config/document.ts";
import { Findings } from "../../config/resolve/findings.ts";
import type { Fault } from "../../core/errors.ts";
import type { Warning } from "../api.ts";
import { CommandError } from "../command-error.ts";

const locate = (path: Path): string => path.join(".");

/** Findings about a definition without lines: their place is a field. */
export function fieldFindings(): Findings {
  return new Findings(locate);
}

/**
 * @param section Path prefix that the caller does not know: `buffer`.
 * @throws {CommandError} `invalid` with the first fault, if any.
 */
export function throwFirstFault(
  { faults }: { readonly faults: readonly Fault[] },
  section = "",
): void {
  const [first] = faults;
  if (first === undefined) return;
  const { field, message } = toWarning({ ...first, hint: undefined }, section);
  throw new CommandError("invalid", message, { field, hint: first.hint });
}

/** Converts a fault; its path becomes the field. */
export function toWarning(
  { path = [], message, problem = message, hint }: Fault,
  section = "",
): Warning {
  const isInside = path.length > 1 && path[0] === section;
  const field = locate(isInside ? path.slice(1) : path);
  return { field, message: hint === undefined ? problem : `${problem}. ${hint}` };
}
