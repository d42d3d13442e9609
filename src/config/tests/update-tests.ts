import { isCollection, isSeq, type Node, parseDocument } from "yaml";
import type { Path } from "../document.ts";

/** A change of a document; `value` undefined: what is there goes. */
export interface DocumentChange {
  readonly path: Path;
  readonly value?: unknown;
}

const LINE_WIDTH = 100;

/**
 * The text of a YAML document with some values changed. Comments stay; spacing may become that of the
 * YAML library.
 *
 * @param text Without faults.
 */
export function updateDocument(text: string, changes: readonly DocumentChange[]): string {
  const document = parseDocument(text);
  for (const { path, value } of changes) {
    if (value === undefined) continue;
    const node = document.createNode(value);
    // a scalar is set as it is: so the one that is there keeps its comment
    document.setIn(path, isCollection(node) ? compact(node) : value);
  }
  // from the end, so that what goes moves nothing that is still to go
  for (const { path, value } of [...changes].reverse()) {
    if (value === undefined) document.deleteIn(path);
  }
  return document.toString({ lineWidth: LINE_WIDTH });
}

/** An entry in one line; a list of entries with a line for each. */
function compact(node: Node): Node {
  if (!isCollection(node)) return node;
  const isList = isSeq(node) && node.items.some(isCollection);
  if (!isList) return Object.assign(node, { flow: true });
  for (const item of node.items) if (isCollection(item)) item.flow = true;
  return node;
}
