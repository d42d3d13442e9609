import { basename } from "node:path";

/** A valid pipeline name made from that of a file or source: stem only, odd characters as `-`. */
export function pipelineName(source: string): string {
  const stem = basename(source).replace(/(?<=.)\.[^.]*$/, "");
  const name = stem
    .replace(/[^\p{L}\p{N} ._-]+/gu, "-")
    .replace(/^[^\p{L}\p{N}]+/u, "")
    .slice(0, 100);
  return name === "" ? "pipeline" : name;
}
