import { isCollection, isSeq, type Node, parseDocument } from "yaml";
import type { Path } from "../document.ts";

/** A change of a document. If `value` is undefined, the node at `path` is deleted. */
export interface DocumentChange {
  readonly path: Path;
  readonly value?: unknown;
}

const LINE_WIDTH = 100;

/**
 * Changes values in the text of a YAML document. Comments are kept; the YAML library may change the spacing.
 *
 * @param text Must be valid.
 */
export function updateDocument(text: string, changes: readonly DocumentChange[]): string {
  const document = parseDocument(text);
  for (const { path, value } of changes) {
    if (value === undefined) continue;
    const node = document.createNode(value);
    // a plain value, not a node, keeps the comment of the scalar that it replaces
    document.setIn(path, isCollection(node) ? compact(node) : value);
  }
  // from the end, because a deletion shifts the indices after it
  for (const { path, value } of [...changes].reverse()) {
    if (value === undefined) document.deleteIn(path);
  }
  return document.toString({ lineWidth: LINE_WIDTH });
}

/** Puts an entry in one line, and a list of entries in one line each. */
function compact(node: Node): Node {
  if (!isCollection(node)) return node;
  const isList = isSeq(node) && node.items.some(isCollection);
  if (!isList) return Object.assign(node, { flow: true });
  for (const item of node.items) if (isCollection(item)) item.flow = true;
  return node;
}
