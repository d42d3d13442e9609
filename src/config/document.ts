import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from "yaml";
import type { Fault } from "../core/errors.ts";
import { tooDeepAt } from "./yaml-depth.ts";
import { checkNodes, MAX_DEPTH, TOO_DEEP } from "./yaml-nodes.ts";

/** Keys and list indices from the top of a document to one value. */
export type Path = readonly (string | number)[];

/**
 * Where a value, the key in front of it, or a character of a text is written: `pipeline.yaml:12:7`. A
 * character in a text that is not written as it is meant (escapes, folded lines) is where the text is.
 */
export type Locate = (path: Path, part?: "key" | "value" | number) => string;

/**
 * A fault of a value in a document.
 *
 * @param problem What is wrong with the value: `must be a number`.
 * @param part What of the value it is about.
 */
export function faultAt(
  locate: Locate,
  path: Path,
  problem: string,
  hint?: string,
  part?: Parameters<Locate>[1],
): Fault {
  const prefix = path.length === 0 ? "" : `${path.join(".")}: `;
  return { at: locate(path, part), message: `${prefix}${problem}`, hint, path, problem };
}

/** A YAML (or JSON) text as plain values, with the way back to line and column. */
export interface YamlDocument {
  /** Null when the text can't be read at all. */
  readonly value: unknown;
  readonly locate: Locate;
  readonly faults: readonly Fault[];
  /** Whether the faults leave `value` worth checking. */
  readonly usable: boolean;
}

/** Maximum number of faults of a document that are listed. */
export const MAX_FAULTS = 100;

const REASONS: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: "more than one document in a file",
  TAB_AS_INDENT: "tabs can't indent YAML",
};

/**
 * Parses YAML 1.2, of which JSON is a part. O(characters): a client may send any text.
 *
 * @param label Name of the file, in front of every position.
 */
export function parseYaml(text: string, label: string): YamlDocument {
  const lines = new LineCounter();
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false };
  const deepAt = tooDeepAt(text, MAX_DEPTH);
  if (deepAt >= 0) {
    const before = text.slice(0, deepAt);
    const line = before.split("\n").length;
    const place = `${label}:${line}:${deepAt - before.lastIndexOf("\n")}`;
    const faults = [{ at: place, message: TOO_DEEP }];
    return { value: null, locate: () => place, faults, usable: false };
  }
  const document = withoutStacks(() => parseDocument(text, options));
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${label}:${line}:${col}`;
  };
  const checked = checkNodes(document, at);
  const written = [...document.errors, ...document.warnings].map(
    ({ code, message, pos }): Fault => ({
      at: at(pos[0]),
      message: `not valid YAML: ${REASONS[code] ?? message.replace(/\.$/, "")}`,
    }),
  );
  const faults = [...written, ...checked.faults];
  let usable = written.length === 0 && checked.usable;
  let value: unknown = null;
  try {
    if (usable) value = document.toJS({ maxAliasCount: -1 }); // checkNodes limits the aliases
  } catch (cause) {
    usable = false;
    faults.push({ at: at(0), message: `not valid YAML: ${(cause as Error).message}` });
  }
  const pairs = new Map<YAMLMap, ReadonlyMap<string, Pair>>();
  const locate: Locate = (path, part = "value") =>
    at(offsetOf(document.contents, path, part, { text, pairs }));
  return { value, locate, faults: firstFaults(faults), usable };
}

/** The parser creates an error for each wrong character of a text, and a stack for each error takes ten times as long. */
function withoutStacks<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The faults that are listed, with a line about the others. */
function firstFaults(faults: readonly Fault[]): readonly Fault[] {
  const rest = faults[MAX_FAULTS];
  if (rest === undefined) return faults;
  const message = `there are ${faults.length - MAX_FAULTS} more faults`;
  return [...faults.slice(0, MAX_FAULTS), { at: rest.at, message }];
}

/** A document in which to find values. */
interface SearchedText {
  readonly text: string;
  /** Entries of each section by key, so that the places of many faults take linear time. */
  readonly pairs: Map<YAMLMap, ReadonlyMap<string, Pair>>;
}

/** Offset of the deepest node along `path` that exists. */
function offsetOf(
  root: Node | null,
  path: Path,
  part: "key" | "value" | number,
  { text, pairs }: SearchedText,
): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    const child = childOf(node, step, pairs);
    if (child === null) break;
    const wanted = part === "key" && depth === path.length - 1 ? child.key : child.value;
    node = child.value;
    offset = startOf(wanted) ?? startOf(child.key) ?? offset;
  }
  return typeof part === "number" ? offset + lengthBefore(node, part, text) : offset;
}

/** Characters of the document between the start of a text and its character `index`. */
function lengthBefore(node: unknown, index: number, text: string): number {
  if (!isScalar(node) || typeof node.value !== "string") return 0;
  const start = node.range?.[0] ?? 0;
  const quote = /^["']/.test(text.slice(start, start + 1)) ? 1 : 0;
  const before = node.value.slice(0, index);
  // a variable is replaced later, which moves the text after it
  const asMeant = text.startsWith(before, start + quote) && !before.includes("${");
  return asMeant ? quote + index : 0;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null)?.range?.[0];
}

function childOf(
  node: unknown,
  step: string | number,
  pairs: SearchedText["pairs"],
): { key: unknown; value: unknown } | null {
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? null : { key: item, value: item };
  }
  if (!isMap(node)) return null;
  let entries = pairs.get(node);
  if (entries === undefined) {
    entries = new Map(node.items.map((item) => [keyOf(item), item]));
    pairs.set(node, entries);
  }
  return entries.get(`${step}`) ?? null;
}

function keyOf({ key }: Pair): string {
  return String(isScalar(key) ? key.value : key);
}
