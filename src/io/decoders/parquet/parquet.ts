import { IotmonError } from "../../../core/errors.ts";
import type { FileDecoder } from "../decoder.ts";
import { rowsProfile } from "../shape/reshaper.ts";

/** Parquet files, read by Polars. */
export const parquet = {
  name: "parquet",
  summary: "a file that starts with `PAR1`",
  inputs: "files only: the index is at the end",
  magic: "PAR1",
  lines: null,
  async open(input, options) {
    const { path, label } = input;
    if (path === null) {
      const message = "Parquet can't be read from a pipe: its index is at the end";
      const hint = "Save it to a file and name that";
      throw new IotmonError("ERR_DATA", message, { at: label, hint });
    }
    const { profileParquet } = await import("./profile.ts");
    const { decodeParquet } = await import("./decode.ts");
    const profile = await profileParquet(path, label, options);
    return {
      profile,
      decode: (context) =>
        decodeParquet(rowsProfile(profile), context, (rows) => input.readUpTo(rows / profile.rows)),
    };
  },
} as const satisfies FileDecoder;
