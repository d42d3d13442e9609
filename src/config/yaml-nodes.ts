import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  type Node,
  type ParsedNode,
} from "yaml";
import type { Fault } from "../core/errors.ts";

/** Maximum number of levels of lists and sections inside each other. */
export const MAX_DEPTH = 100;
export const TOO_DEEP = `lists and sections are nested more than ${MAX_DEPTH} levels deep`;
/** Maximum number of aliases. */
const MAX_ALIASES = 1000;
/** Maximum number of values that aliases add to a document. */
const MAX_ALIASED = 10_000;

/** Faults of the nodes of a document. */
export interface NodeFaults {
  readonly faults: readonly Fault[];
  /** Whether the values can be read in spite of the faults. */
  readonly usable: boolean;
}

/**
 * Finds keys that are given twice or are not texts, aliases without an anchor, and documents that are too deep or that
 * their aliases make too large. O(nodes): the checks of the package take quadratic time.
 *
 * @param at Converts an offset to a place.
 */
export function checkNodes(
  document: Document.Parsed<ParsedNode>,
  at: (offset: number) => string,
): NodeFaults {
  const walk = new Walk(at);
  walk.visit(document.contents, 0);
  return { faults: walk.faults, usable: walk.usable };
}

/** A walk through a document, in the order in which it is written. */
class Walk {
  readonly faults: Fault[] = [];
  usable = true;
  readonly #at: (offset: number) => string;
  /** Values of anchored nodes so far; null while the walk is inside the node. */
  readonly #anchors = new Map<string, number | null>();
  #aliases = 0;
  #aliased = 0;

  constructor(at: (offset: number) => string) {
    this.#at = at;
  }

  /** @returns Number of values of a node, including those of its aliases. */
  visit(node: unknown, depth: number): number {
    if (isAlias(node)) return this.#visitAlias(node.source, node);
    if (isPair(node)) return this.visit(node.key, depth) + this.visit(node.value, depth);
    if (!isCollection(node)) {
      if (isScalar(node) && node.anchor !== undefined) this.#anchors.set(node.anchor, 1);
      return 1;
    }
    if (depth === MAX_DEPTH) {
      this.#fail(node, TOO_DEEP);
      return 1;
    }
    const { anchor } = node;
    if (anchor !== undefined) this.#anchors.set(anchor, null);
    if (isMap(node)) this.#checkKeys(node.items.map(({ key }) => key));
    let size = 1;
    for (const item of node.items) {
      if (!this.usable) break;
      size += this.visit(item, depth + 1);
    }
    if (anchor !== undefined) this.#anchors.set(anchor, size);
    return size;
  }

  #visitAlias(source: string, node: Node): number {
    const size = this.#anchors.get(source);
    if (size === undefined) this.#fail(node, `there is no anchor &${source}`);
    else if (size === null) this.#fail(node, `*${source} is inside its own anchor`);
    else {
      this.#aliases += 1;
      this.#aliased += size;
      if (this.#aliases > MAX_ALIASES) {
        this.#fail(node, `there are more than ${MAX_ALIASES} aliases`);
      } else if (this.#aliased > MAX_ALIASED) {
        this.#fail(node, `aliases repeat more than ${MAX_ALIASED} values`);
      }
    }
    return size ?? 1;
  }

  #checkKeys(keys: readonly unknown[]): void {
    const seen = new Set<string>();
    for (const key of keys) {
      if (isCollection(key) || isAlias(key)) {
        this.#fail(key, "a key must be a text");
        return;
      }
      const text = isScalar(key) ? String(key.value) : "";
      if (seen.has(text)) {
        const message = `key "${text}" is given twice`;
        this.#report(key as Node, message, "Keep one of the two");
      }
      seen.add(text);
    }
  }

  #fail(node: Node, message: string): void {
    this.usable = false;
    this.#report(node, message);
  }

  #report(node: Node, message: string, hint?: string): void {
    this.faults.push({ at: this.#at(node.range?.[0] ?? 0), message, hint });
  }
}
