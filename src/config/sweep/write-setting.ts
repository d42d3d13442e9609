import { parseDocument } from "yaml";
import type { Setting, SweepAxis } from "./sweep-axis.ts";

/** A pipeline file with the values of a setting in it; comments and order stay as they are. */
export function writeSetting(text: string, axes: readonly SweepAxis[], setting: Setting): string {
  const document = parseDocument(text);
  for (const [i, { path }] of axes.entries()) document.setIn(path, setting[i]);
  return document.toString({ lineWidth: 0 });
}
