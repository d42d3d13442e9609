import { stringify } from "yaml";
import type { Path } from "../document.ts";
import { shownSecret } from "./shown-secret.ts";

const MASK = "…";
const SECRET_NAMES = /secret|password|passwd|token|api_?key|credential/i;
/** Names of files with secrets are not secret. */
const FILE_NAMES = /_(file|path)$/i;
const REFERENCE = /^(\$\{[^}:]*\})+$/;
/** A user with a password inside an address. */
const USER_INFO = /(\b[a-z][a-z0-9+.-]*:\/\/)[^/?#\s]*@/gi;

/** A pipeline document as YAML that may be shown to others: as it was written, with secrets masked. */
export function shownDocument(document: unknown): string {
  return stringify(masked(document, []), { lineWidth: 100, aliasDuplicateObjects: false });
}

function masked(value: unknown, path: Path): unknown {
  if (Array.isArray(value)) return value.map((item, i) => masked(item, [...path, i]));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, masked(item, [...path, name])]),
    );
  }
  if (typeof value !== "string") return isSecret(path) ? MASK : value;
  if (isSecret(path) && !REFERENCE.test(value)) return MASK;
  const shown = shownSecret(path, value) ?? MASK;
  return typeof shown === "string" ? shown.replace(USER_INFO, `$1${MASK}@`) : shown;
}

/** Whether a name on the way to the value says that it is a secret. */
function isSecret(path: Path): boolean {
  return path.some(
    (name) => typeof name === "string" && SECRET_NAMES.test(name) && !FILE_NAMES.test(name),
  );
}
