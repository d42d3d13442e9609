import { csv } from "./csv/csv.ts";
import { influx } from "./influx/influx.ts";
import { jsonl } from "./jsonl/jsonl.ts";
import { keyvalue } from "./keyvalue/keyvalue.ts";

/** All formats that are read as a stream of bytes, by the name used in `source.format` and `--input-format`. */
export const decoders = { csv, jsonl, keyvalue, influx } as const;
