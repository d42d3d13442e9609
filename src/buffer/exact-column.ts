import type { Expr } from "nodejs-polars";
import { polars } from "./polars.ts";

const PATTERN = /^(\*|\^[\s\S]*\$)$/;

/** The column of exactly this name: Polars itself reads `*` and `^...$` as patterns. */
export function exactColumn(name: string): Expr {
  const exact = PATTERN.test(name) ? `^${name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}$` : name;
  return polars().col(exact);
}
