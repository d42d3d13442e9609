import { createRequire } from "node:module";
import { IotmonError } from "../core/errors.ts";

type Polars = typeof import("nodejs-polars");

const require = createRequire(import.meta.url);
let loaded: Polars | undefined;

/**
 * nodejs-polars, loaded at the first call: it is native, takes some 70 ms to load, and is absent
 * on some systems that can do without history.
 *
 * @throws {IotmonError} `ERR_UNAVAILABLE` where its native part is missing.
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
