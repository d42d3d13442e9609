import { createRequire } from "node:module";
import type { Expr } from "nodejs-polars";
import { IotmonError } from "../core/errors.ts";

type Polars = typeof import("nodejs-polars");

const require = createRequire(import.meta.url);
let loaded: Polars | undefined;

/**
 * Loads nodejs-polars at the first call: it takes about 70 ms, and some systems have no build of it.
 *
 * @throws {IotmonError} `ERR_UNAVAILABLE` if its native part is missing.
 */
export function polars(): Polars {
  loaded ??= load();
  return loaded;
}

function load(): Polars {
  try {
    return require("nodejs-polars") as Polars;
  } catch (cause) {
    throw new IotmonError(
      "ERR_UNAVAILABLE",
      `nodejs-polars does not load on ${process.platform} ${process.arch}, Node ${process.version}`,
      { cause, hint: "Reinstall with optional packages; 32-bit systems have no build of it" },
    );
  }
}

const PATTERN = /^(\*|\^[\s\S]*\$)$/;

/** The column with exactly this name. Polars reads `*` and `^...$` as patterns. */
export function exactColumn(name: string): Expr {
  const exact = PATTERN.test(name) ? `^${name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}$` : name;
  return polars().col(exact);
}
