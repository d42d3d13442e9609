import { lineDecoder } from "../line-decoder.ts";
import { keyvalueLines } from "./keyvalue-lines.ts";

/** Recordings of names and values. */
export const keyvalue = lineDecoder(
  keyvalueLines,
  "Expected names and values on each line: temp:23.4,hum:45 or temp=23.4 hum=45",
);
