import { csv } from "./csv/csv.ts";

/** All formats of input, by the name used in `source.format` and `--input-format`. */
export const decoders = { csv } as const;
