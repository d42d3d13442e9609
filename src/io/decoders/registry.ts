import { csv } from "./csv/csv.ts";
import { jsonl } from "./jsonl/jsonl.ts";

/** All formats that are read as a stream of bytes, by the name used in `source.format` and `--input-format`. */
export const decoders = { csv, jsonl } as const;
