import { isMap, isScalar, parseDocument, Scalar, stringify } from "yaml";
import type { Path } from "../../config/document.ts";
import type { Setting, SweepAxis } from "./sweep-axis.ts";

/**
 * Writes the values of a setting into the text of a pipeline file. Comments and order are kept. Replacing
 * a scalar or adding a section changes no other text.
 */
export function writeSetting(text: string, axes: readonly SweepAxis[], setting: Setting): string {
  return axes.reduce((written, { path }, i) => writeValue(written, path, setting[i]), text);
}

function writeValue(text: string, path: Path, value: unknown): string {
  const document = parseDocument(text);
  const node = document.getIn(path, true);
  if (isScalar(node) && node.range && !(value instanceof Object)) {
    const [from, to] = node.range;
    return text.slice(0, from) + scalarText(value, node.type) + text.slice(to);
  }
  const { contents } = document;
  if (isMap(contents) && contents.flow !== true && !contents.has(path[0])) {
    const section = [...path].reverse().reduce<unknown>((inner, key) => ({ [key]: inner }), value);
    return `${text.replace(/\n*$/, "\n")}${stringify(section)}`;
  }
  document.setIn(path, value);
  return document.toString({ lineWidth: 0 });
}

/** A scalar as YAML; quoted if the old value was, or if flow syntax needs it. */
function scalarText(value: unknown, type: Scalar["type"]): string {
  const quoted = type === Scalar.QUOTE_DOUBLE || /[,[\]{}]/.test(String(value));
  return quoted ? JSON.stringify(value) : stringify(value).trimEnd();
}
