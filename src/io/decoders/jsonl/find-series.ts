import { parseLine } from "./fields.ts";

/** What shows that a line holds many readings, and how to give each a line. */
export interface SeriesFound {
  readonly what: string;
  readonly hint: string;
}

const LINES = 5;
/** Numbers in an array from which it is a series, not a vector such as an acceleration. */
const MIN_VALUES = 10;
const TIMES = /^(?:time_?stamps?|times?|ts|t|dates?)$/i;
const VALUES = /^(?:values?|v|data)$/i;

/** Finds series in the first lines: arrays of values beside arrays of times, or arrays of pairs of the two. */
export function findSeries(lines: readonly string[]): SeriesFound | null {
  for (const line of lines.slice(0, LINES)) {
    const parsed = parseLine(line);
    if ("fault" in parsed) continue;
    const arrays = Object.entries(parsed.object).filter(
      (entry): entry is [string, readonly unknown[]] =>
        Array.isArray(entry[1]) && entry[1].length >= MIN_VALUES,
    );
    const found = besideTimes(arrays) ?? pairs(arrays);
    if (found !== null) return found;
  }
  return null;
}

function besideTimes(
  arrays: readonly (readonly [string, readonly unknown[]])[],
): SeriesFound | null {
  const times = arrays.find(([name]) => TIMES.test(name));
  if (times === undefined) return null;
  const values = arrays.filter(
    ([name, { length }]) => name !== times[0] && length === times[1].length,
  );
  if (values.length === 0) return null;
  const names = values.map(([name]) => name);
  const removed = [times[0], ...names].map((name) => `.${name}`).join(", ");
  const cells = names.map((name) => `${VALUES.test(name) ? "value" : name}: $o.${name}[$i]`);
  return {
    what: `a line holds ${times[1].length} readings, in the arrays ${[times[0], ...names].join(", ")}`,
    hint: `Give a line to each reading: jq -c '. as $o | (if .metric then .metric else del(${removed}) end) as $m | range(.${times[0]} | length) as $i | $m + {time: $o.${times[0]}[$i], ${cells.join(", ")}}' FILE`,
  };
}

/** `{"temperature": [{"ts": 1, "value": 2}, ...]}`, as ThingsBoard answers. */
function pairs(arrays: readonly (readonly [string, readonly unknown[]])[]): SeriesFound | null {
  const series = arrays.filter(([, [first]]) => {
    if (typeof first !== "object" || first === null) return false;
    const keys = Object.keys(first);
    return keys.some((key) => TIMES.test(key)) && keys.some((key) => VALUES.test(key));
  });
  if (series.length === 0) return null;
  return {
    what: `a line holds many readings, in the arrays ${series.map(([name]) => name).join(", ")}`,
    hint: `Give a line to each reading: jq -c 'to_entries[] | .key as $k | .value[] | {time: .ts, sensor: $k, value: (.value | tonumber? // .)}' FILE`,
  };
}
