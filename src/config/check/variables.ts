import type { Fault } from "../../core/errors.ts";
import type { Path } from "../document.ts";

/** Environment variables, or the variables that a test sets. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A reference that can't be replaced. */
export interface VariableFault {
  readonly path: Path;
  readonly message: string;
  readonly hint: string;
}

/** Leaves out faults of values that contain an unset variable: the value is not what it will be. */
export function withoutUnset(
  faults: readonly Fault[],
  unset: readonly VariableFault[],
): readonly Fault[] {
  const places = new Set(unset.map(({ path }) => path.join("\n")));
  return faults.filter(({ path = [] }) => !places.has(path.join("\n")));
}

const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;
const CONTENT = /^([A-Za-z_]\w*)(?::-(.*))?$/s;

/**
 * Replaces `${VAR}` and `${VAR:-default}` in all texts of a document, not in its keys; `$${` stands
 * for `${`. The default is also used for a variable that is set but empty.
 *
 * @param faults Receives every reference that is malformed, or unset without a default.
 */
export function replaceVariables(
  value: unknown,
  variables: Variables,
  faults: VariableFault[],
  path: Path = [],
): unknown {
  if (typeof value === "string") return replaceText(value, variables, faults, path);
  if (Array.isArray(value)) {
    return value.map((item, i) => replaceVariables(item, variables, faults, [...path, i]));
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(
    ([key, item]) => [key, replaceVariables(item, variables, faults, [...path, key])] as const,
  );
  return Object.fromEntries(entries);
}

function replaceText(
  text: string,
  variables: Variables,
  faults: VariableFault[],
  path: Path,
): string {
  return text.replace(REFERENCE, (reference: string, content?: string, close?: string) => {
    if (content === undefined) return "${";
    const [, name, fallback] = (close === "}" && CONTENT.exec(content)) || [];
    if (name === undefined) {
      const message = `"${reference}" is not a variable`;
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user has to write
      faults.push({ path, message, hint: "Write ${NAME} or ${NAME:-default}; $${ stands for ${" });
      return reference;
    }
    const set = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (set !== undefined && (set !== "" || fallback === undefined)) return set;
    if (fallback !== undefined) return fallback;
    faults.push({
      path,
      message: `the variable ${name} is not set`,
      hint: `Set ${name}, or give a default: \${${name}:-...}`,
    });
    return reference;
  });
}
