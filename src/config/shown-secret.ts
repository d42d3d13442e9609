import type { Path } from "./document.ts";

const SECRET_FIELDS = new Set<unknown>(["url", "secret", "headers"]);
const REFERENCES = /^(\$\{[^}]*\})+$/;

/**
 * What a fault may show of a value as written: all of it, unless it stands where secrets do. Of an
 * address, that is scheme and host; of other secrets, nothing but the variables they come from.
 *
 * @returns Undefined when nothing may be shown.
 */
export function shownSecret(path: Path, value: unknown): unknown {
  const [section, , field] = path;
  if (section !== "sinks" || !SECRET_FIELDS.has(field)) return value;
  if (typeof value !== "string") return typeof value === "object" ? value : undefined;
  if (REFERENCES.test(value)) return value;
  const [, origin, rest] = /^([a-z][a-z0-9+.-]*:\/\/[^/?#@]*)(?![^/?#]*@)(.*)$/is.exec(value) ?? [];
  if (field !== "url" || origin === undefined) return undefined;
  return rest === "" ? origin : `${origin}/…`;
}
