import type { IotmonError } from "../../core/errors.ts";
import { Problem } from "./problem.ts";
import { pointerOf } from "./schema-problem.ts";

/** Maximum number of faults in a reply. */
const MOST_ERRORS = 50;

/** A problem that lists the faults of a pipeline document with their fields. */
export function pipelineProblem(error: IotmonError): Problem {
  const { message: whole, at: place = "", hint: advice } = error;
  const faults =
    error.faults.length > 0 ? error.faults : [{ at: place, message: whole, hint: advice }];
  const errors = faults.slice(0, MOST_ERRORS).map(({ at, message, hint }) => ({
    field: at,
    in: "body" as const,
    pointer: pointerOf(at === "" ? [] : at.split(".")),
    message,
    ...(hint === undefined ? {} : { hint }),
  }));
  const [first] = errors;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more, see errors)` : "";
  const hint =
    first?.hint === undefined ? "" : ` ${first.hint}${/[.?!]$/.test(first.hint) ? "" : "."}`;
  return new Problem("invalid", `${first?.message ?? error.message}${more}.${hint}`, { errors });
}
