/**
 * Turns the issues of zod into faults for people: a place, a reason and a hint.
 *
 * @module
 */
import type { core } from "zod";
import type { Fault } from "../../core/errors.ts";
import { faultAt, type Locate, MAX_FAULTS, type Path } from "../document.ts";
import { shownSecret } from "../sinks/shown-secret.ts";
import { didYouMean, listNames, suggest } from "../suggest.ts";

type Issue = core.$ZodIssue;
type RawIssue = core.$ZodRawIssue;

const NOUNS: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  object: "a section of keys and values",
  record: "a section of keys and values",
  string: "a text",
};

const EMPTY = "must not be empty";

/**
 * First pass, while zod still knows the schema of an issue. Unions get an empty message, because the second pass
 * explains the member that the user probably meant. For unknown keys, the message lists the known keys as JSON.
 */
export function describeIssue(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${NOUNS[issue.expected] ?? `a ${issue.expected}`}`;
    case "invalid_value":
      return oneOf(issue.values.map(String));
    case "invalid_union":
      return issue.discriminator === undefined ? "" : undefined;
    case "too_small":
      return issue.origin === "array" || issue.origin === "string"
        ? EMPTY
        : `must be ${issue.inclusive ? "at least" : "above"} ${issue.minimum}`;
    case "too_big":
      return `must be ${issue.inclusive ? "at most" : "below"} ${issue.maximum}`;
    case "unrecognized_keys":
      return JSON.stringify(Object.keys(shapeOf(issue.inst)));
    default:
      return undefined;
  }
}

function shapeOf(schema: unknown): object {
  return (schema as { _zod?: { def?: { shape?: object } } })?._zod?.def?.shape ?? {};
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? `must be ${values[0]}` : `must be one of ${listNames(values)}`;
}

/**
 * Second pass: issues to faults. Explains the first hundred, because a client may send any number.
 *
 * @param written The document before variables were replaced, so that messages contain no secret.
 */
export function explainIssues(
  issues: readonly Issue[],
  written: unknown,
  locate: Locate,
): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [i, issue] of issues.entries()) {
    if (faults.length >= MAX_FAULTS) {
      const at = locate(issue.path as Path);
      return [...faults, { at, message: `there are at least ${issues.length - i} more faults` }];
    }
    faults.push(...explain(issue, [], written, locate));
  }
  return faults;
}

function explain(issue: Issue, base: Path, written: unknown, locate: Locate): readonly Fault[] {
  const path = [...base, ...(issue.path as Path)];
  const value = valueAt(written, path);
  if (value === undefined) {
    const where = locate(path.slice(0, -1));
    return [{ ...faultAt(locate, path, "is missing", missingHint(issue)), at: where }];
  }
  if (issue.code === "unrecognized_keys") return unknownKeys(issue, path, locate);
  if (issue.code === "invalid_union" && issue.message === "") {
    return nearestMember(issue.errors).flatMap((inner) => explain(inner, path, written, locate));
  }
  const choices = choicesOf(issue);
  const what = choices.length > 0 ? oneOf(choices) : issue.message;
  const shown = shownSecret(path, value);
  const clear = what === EMPTY || issue.code === "invalid_key" || isRuleOfWhole(issue, shown);
  const instead = clear || shown === undefined ? "" : `, not ${show(shown)}`;
  return [faultAt(locate, path, `${what}${instead}`, hintFor(issue, value, path))];
}

/** A custom rule about a whole list or section. Its message must not end with "not a list". */
function isRuleOfWhole(issue: Issue, value: unknown): boolean {
  return issue.code === "custom" && typeof value === "object" && value !== null;
}

function hintFor(issue: Issue, value: unknown, path: Path): string | undefined {
  const own = issue.code === "custom" ? issue.params?.["hint"] : undefined;
  if (typeof own === "string") return own;
  const choices = choicesOf(issue);
  if (path.length === 0) return "A pipeline begins with `version: 1`; recordings go to `replay`";
  if (typeof value !== "string") return undefined;
  return choices.includes(value) ? "Write it without quotes" : didYouMean(value, choices);
}

function unknownKeys(
  issue: core.$ZodIssueUnrecognizedKeys,
  path: Path,
  locate: Locate,
): readonly Fault[] {
  const known = JSON.parse(issue.message) as string[];
  const faults = issue.keys.slice(0, MAX_FAULTS).map((key) => ({
    ...faultAt(locate, path, `unknown key ${show(key)}`, suggest(key, known, "Known keys")),
    at: locate([...path, key], "key"),
    path: [...path, key],
  }));
  const next = issue.keys[MAX_FAULTS];
  if (next === undefined) return faults;
  const message = `there are ${issue.keys.length - MAX_FAULTS} more unknown keys`;
  return [...faults, { ...faultAt(locate, path, message), at: locate([...path, next], "key") }];
}

function choicesOf(issue: Issue): readonly string[] {
  if (issue.code === "invalid_value") return issue.values.map(String);
  if (issue.code !== "invalid_union" || issue.discriminator === undefined) return [];
  const { options = [] } = issue as { options?: readonly unknown[] };
  return options.map(String);
}

function missingHint(issue: Issue): string | undefined {
  const choices = choicesOf(issue);
  if (choices.length > 0) return `It ${oneOf(choices)}`;
  return issue.message === "" ? undefined : `It ${issue.message}`;
}

/** The issues of the union member that needs the fewest changes. */
export function nearestMember(members: readonly (readonly Issue[])[]): readonly Issue[] {
  const changes = (issues: readonly Issue[]): number =>
    issues.reduce((sum, issue) => {
      if (issue.code === "unrecognized_keys") return sum + issue.keys.length;
      return sum + (issue.path.length === 0 && issue.code === "invalid_type" ? 1000 : 1);
    }, 0);
  return members.reduce((best, next) => (changes(next) < changes(best) ? next : best));
}

function valueAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step))
      return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}

function show(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value === null) return "nothing";
  if (typeof value === "object") return "a section";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
