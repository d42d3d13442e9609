import { lineDecoder } from "../lines/line-decoder.ts";
import { KeyvalueLineReader } from "./line-reader.ts";
import { isPairLine, looksLikePairs } from "./pair-line.ts";
import { profileKeyvalue } from "./profile.ts";

/** Names and values, as in the Serial Plotter of Arduino. */
export const keyvalue = lineDecoder({
  name: "keyvalue",
  summary: "names and values as boards print them: `temp:23.4,hum:45`",
  expected: "Expected names and values on each line: temp:23.4,hum:45 or temp=23.4 hum=45",
  kindOf: (line) => (isPairLine(line) && looksLikePairs(line) ? "pairs" : null),
  profile: profileKeyvalue,
  reader: (profile, context) => new KeyvalueLineReader(profile, context),
});
