import type { core, ZodType } from "zod";
import { describeIssue, explainIssues } from "../../config/check/schema-faults.ts";
import type { Path } from "../../config/document.ts";
import type { IotmonError } from "../../core/errors.ts";
import { Problem, type ProblemPart, withPeriod } from "./problem.ts";

/** Maximum number of faults in a reply. */
const MAX_ERRORS = 50;

type Place = ProblemPart["in"];

const PLACES: Readonly<Record<string, Place>> = {
  body: "body",
  querystring: "query",
  params: "path",
  headers: "header",
};

/** The checked value, or the problem with which to answer. */
export type Checked = { readonly value: unknown } | { readonly error: Problem };

/**
 * Checks a part of a request against its schema.
 *
 * @param part Fastify's name for it: `body`, `querystring`, `params`.
 */
export function checkPart(schema: ZodType, data: unknown, part = "body"): Checked {
  const place = PLACES[part] ?? "body";
  const result = schema.safeParse(data, { error: describeIssue });
  if (result.success) return { value: result.data };
  const fault = place === "body" ? faultOfBody(data) : null;
  if (fault !== null) return { error: fault };
  return { error: problemOf(result.error.issues, data, place) };
}

function faultOfBody(data: unknown): Problem | null {
  if (data === undefined || data === null) {
    return new Problem("invalid", "The body is missing. Send a JSON object, see /docs.");
  }
  if (typeof data !== "object" || Array.isArray(data)) {
    return new Problem("invalid", "The body must be a JSON object, {...}. See /docs.");
  }
  return null;
}

function problemOf(issues: readonly core.$ZodIssue[], data: unknown, place: Place): Problem {
  const errors = explainIssues(issues, data, () => "").map(
    ({ path = [], message, hint }): ProblemPart => {
      return {
        field: path.join("."),
        in: place,
        ...(place === "body" ? { pointer: pointerOf(path) } : {}),
        message,
        // the hint for the whole body is about pipeline files
        ...(hint === undefined || path.length === 0 ? {} : { hint }),
      };
    },
  );
  return invalidProblem(errors, place === "body" ? "" : `${place} parameter `);
}

/** A problem that lists the faults of a pipeline document with their fields. */
export function pipelineProblem({
  message: whole,
  at: place = "",
  hint: advice,
  faults,
}: IotmonError): Problem {
  const all = faults.length > 0 ? faults : [{ at: place, message: whole, hint: advice }];
  const errors = all.map(({ at, message, hint }) => ({
    field: at,
    in: "body" as const,
    pointer: pointerOf(at === "" ? [] : at.split(".")),
    message,
    ...(hint === undefined ? {} : { hint }),
  }));
  return invalidProblem(errors, "");
}

/** @param prefix Text before the message of the first fault. */
function invalidProblem(errors: readonly ProblemPart[], prefix: string): Problem {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see errors)` : "";
  const hint = first?.hint === undefined ? "" : ` ${withPeriod(first.hint)}`;
  return new Problem("invalid", `${prefix}${first?.message ?? "not valid"}${more}.${hint}`, {
    errors: errors.slice(0, MAX_ERRORS),
  });
}

/** A JSON pointer (RFC 6901) as a URI fragment. */
export function pointerOf(path: Path): string {
  return `#${path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("")}`;
}
