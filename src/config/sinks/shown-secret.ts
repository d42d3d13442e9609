import { sinkTypes } from "../../io/sinks/registry.ts";
import { sourceTypes } from "../../io/sources/registry.ts";
import type { SourceType } from "../../io/sources/source-type.ts";
import type { Path } from "../document.ts";

/** Settings that are secret in any sink: an entry whose type is misspelt keeps its secrets, too. */
const SECRET_FIELDS = new Set<unknown>(sinkTypes.flatMap(({ secrets }) => Object.keys(secrets)));
/** Settings of sources, by the same reason. */
const SOURCE_SECRETS = new Set<unknown>(
  sourceTypes.flatMap(({ secrets }: SourceType) => secrets ?? []),
);
const REFERENCES = /^(\$\{[^}]*\})+$/;

/**
 * The part of a written value that a fault may show: all of a value that is not secret, scheme and host of a secret
 * address, and only the variables of other secrets.
 *
 * @returns Undefined when nothing may be shown.
 */
export function shownSecret(path: Path, value: unknown): unknown {
  const [section, key, name] = path;
  if (section === "source" && SOURCE_SECRETS.has(path.at(-1)))
    return shownOfSource(path.at(-1), value);
  const isHeartbeat = section === "heartbeat" && key === "url";
  const field = isHeartbeat ? key : name;
  if (!isHeartbeat && (section !== "sinks" || !SECRET_FIELDS.has(field))) return value;
  if (typeof value !== "string") return typeof value === "object" ? value : undefined;
  if (REFERENCES.test(value)) return value;
  const [, origin, rest] = /^([a-z][a-z0-9+.-]*:\/\/[^/?#@]*)(?![^/?#]*@)(.*)$/is.exec(value) ?? [];
  if (!isAddress(field) || origin === undefined) return undefined;
  return rest === "" ? origin : `${origin}/…`;
}

/** Variables, and an address without its user and password. */
function shownOfSource(field: unknown, value: unknown): unknown {
  if (typeof value !== "string") return undefined;
  if (REFERENCES.test(value)) return value;
  return field === "url" ? value.replace(/\/\/[^/]*@/, "//…@") : undefined;
}

function isAddress(field: unknown): boolean {
  return sinkTypes.every(({ secrets }) => {
    const kind = Object.entries(secrets).find(([name]) => name === field)?.[1];
    return kind === undefined || kind === "address" || kind === "secret-address";
  });
}
