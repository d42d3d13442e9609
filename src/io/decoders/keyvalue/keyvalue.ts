import { lineDecoder } from "../lines/line-decoder.ts";
import { leadingTime } from "./leading-time.ts";
import { KeyvalueLineReader } from "./line-reader.ts";
import { isPairLine } from "./pair-line.ts";
import { parsePairs } from "./parse-pairs.ts";
import { profileKeyvalue } from "./profile.ts";

/** Numbers with blanks between them, which is not CSV. */
const BARE = /^\s*[-+]?[\d.]+(?:e[-+]?\d+)?(?: +[-+]?[\d.]+(?:e[-+]?\d+)?)+\s*$/i;
/** Part of a JSON document that spans lines. */
const JSON_FIELD = /"\s*:/;
/** A topic and its number, as `mosquitto_sub -v` prints them. */
const TOPIC =
  /^\s*(?=\S*\p{L})[^\s:=,;|"{]+\/[^\s:=,;|"{]*\s+[-+]?\d[\d.]*(?:\s*[^\s\d,;|]{1,8})?\s*$/u;
const LETTER = /\p{L}/u;

/** Names and values, as in the Serial Plotter of Arduino. */
export const keyvalue = lineDecoder({
  name: "keyvalue",
  summary: "names and values as boards print them: `temp:23.4,hum:45`",
  expected: "Expected names and values on each line: temp:23.4,hum:45 or temp=23.4 hum=45",
  kindOf: (line) => (isPairLine(line) && looksLikePairs(line) ? "pairs" : null),
  profile: profileKeyvalue,
  reader: (profile, context) => new KeyvalueLineReader(profile, context),
});

/** Whether most numbers of a line have a name, or the line has only numbers and blanks after its time. */
function looksLikePairs(line: string): boolean {
  if (BARE.test(line.slice(leadingTime(line).end)) || TOPIC.test(line)) return true;
  if (JSON_FIELD.test(line)) return false;
  const numbers = parsePairs(line).filter(({ measure }) => measure !== null);
  const named = numbers.filter(({ name, labelled }) => labelled && LETTER.test(name));
  return named.length * 2 > numbers.length;
}
