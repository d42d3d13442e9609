import { csvLines } from "./csv/csv-lines.ts";
import { influxLines } from "./influx/influx-lines.ts";
import { jsonlLines } from "./jsonl/jsonl-lines.ts";
import { keyvalueLines } from "./keyvalue/keyvalue-lines.ts";

/**
 * All formats that are read line by line, by the name used in `source.format` and `--input-format`. Where
 * lines fit several as well, the first one counts.
 */
export const lineFormats = {
  jsonl: jsonlLines,
  influx: influxLines,
  keyvalue: keyvalueLines,
  csv: csvLines,
} as const;
