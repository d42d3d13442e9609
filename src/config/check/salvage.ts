/**
 * Finds the part of a faulty pipeline that can still be checked, so that one run shows every fault.
 *
 * @module
 */
import type { core } from "zod";
import type { Path } from "../document.ts";
import { type PipelineConfig, pipelineSchema } from "../schema/pipeline.ts";
import { nearestMember } from "./schema-faults.ts";

/** The part of a pipeline that fits the schema. */
export interface Salvaged {
  /** Harmless placeholders replace the entries with faults. */
  readonly config: PipelineConfig;
  /** Sections and entries with schema faults, such as `detectors.0`. Later checks do not report faults there. */
  readonly faulty: ReadonlySet<string>;
}

type Section = Record<string, unknown>;

/** Sections on which no other section depends. */
const INDEPENDENT: readonly unknown[] = [
  "alerts",
  "heartbeat",
  "state",
  "name",
  "version",
  "tests",
];

/**
 * Removes the parts of a document that do not fit the schema. A fault in `source` or `buffer` leaves nothing to
 * check, because the columns depend on them; only unknown keys can be removed there.
 *
 * @param document Its variables are replaced. This function does not modify it.
 * @returns Null when nothing can be checked.
 */
export function salvage(document: unknown, issues: readonly core.$ZodIssue[]): Salvaged | null {
  if (typeof document !== "object" || document === null || Array.isArray(document)) return null;
  const copy = structuredClone(document) as Section;
  const faulty = new Set<string>();
  for (const { path, keys } of issues.flatMap((issue) => locateIssue(issue, []))) {
    if (path.length === 0 && keys !== null) for (const key of keys) delete copy[key];
    else if (!replace(copy, path, keys, faulty)) return null;
  }
  const result = pipelineSchema.safeParse(copy);
  return result.success ? { config: result.data, faulty } : null;
}

/** An issue of the union member that the user probably meant. `keys`: the unknown keys. */
interface LocatedIssue {
  readonly path: Path;
  readonly keys: readonly string[] | null;
}

function locateIssue(issue: core.$ZodIssue, base: Path): readonly LocatedIssue[] {
  const path = [...base, ...(issue.path as Path)];
  if (issue.code === "invalid_union" && issue.discriminator === undefined) {
    return nearestMember(issue.errors).flatMap((inner) => locateIssue(inner, path));
  }
  return [{ path, keys: issue.code === "unrecognized_keys" ? issue.keys : null }];
}

/** @returns False when nothing else can be checked. */
function replace(
  copy: Section,
  path: Path,
  keys: readonly string[] | null,
  faulty: Set<string>,
): boolean {
  const [section, index] = path;
  if (INDEPENDENT.includes(section)) {
    faulty.add(String(section));
    if (section === "version") copy["version"] = 1;
    else delete copy[String(section)];
    return true;
  }
  if (section === "source" || section === "buffer") {
    const parent = valueAt(copy, path);
    if (keys === null || parent === null) return false;
    for (const key of keys) delete parent[key];
    faulty.add(String(section));
    return true;
  }
  const entries = copy[String(section)];
  if (!Array.isArray(entries) || typeof index !== "number") return false;
  faulty.add(`${section}.${index}`);
  const harmless = harmlessEntry(section, index, (entries[index] ?? {}) as Section);
  if (harmless === null) return false;
  entries[index] = harmless;
  return true;
}

/** A valid placeholder with the same name that needs no column beyond that of the entry; null if impossible. */
function harmlessEntry(section: unknown, index: number, entry: Section): Section | null {
  const { name: given, column, columns } = entry;
  const name = typeof given === "string" && given !== "" ? given : `${section} ${index}`;
  if (section === "detectors") return { name, algorithm: "silent", after: "1s" };
  if (section === "sinks") return { type: "console" };
  const [first = column] = Array.isArray(columns) ? columns : [];
  if (typeof first !== "string" || first === "") return null;
  return { name, column: first, function: "value" };
}

function valueAt(document: Section, path: Path): Section | null {
  let value: unknown = document;
  for (const step of path) value = (value as Section | undefined)?.[step];
  return typeof value === "object" && value !== null ? (value as Section) : null;
}
