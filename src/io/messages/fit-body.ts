import type { AlertBody } from "./alert-schema.ts";

/**
 * Maximum number of bytes of a message, as JSON in UTF-8.
 *
 * @internal
 */
export const MAX_BODY_BYTES = 20_000;

/** Limits of texts in a body that is too large. With the maximum number of labels, 4 kB remain for the rest. */
const MAX_NAME_BYTES = 1600;
const MAX_SUMMARY_BYTES = 2000;
const MAX_RULE_BYTES = 1000;

/** Bytes of an item beside its own JSON: in a list, and as an entry of an object, measured as a pair. */
const COMMA = 1;
const ENTRY = COMMA - "[]".length;

/**
 * The body, cut to {@link MAX_BODY_BYTES}; it can exceed them with hundreds of columns or long names. The first
 * parts to go are features and columns outside the explanation, from the last one.
 * `truncated` names the fields that lost entries.
 */
export function fitBody(full: AlertBody): AlertBody {
  if (jsonBytes(full) <= MAX_BODY_BYTES) return full;
  const { explanation } = full;
  const bare: AlertBody = {
    ...full,
    sensor_id: cutText(full.sensor_id, MAX_NAME_BYTES),
    pipeline: cutText(full.pipeline, MAX_NAME_BYTES),
    detector: cutText(full.detector, MAX_NAME_BYTES),
    explanation: {
      summary: cutText(explanation.summary, MAX_SUMMARY_BYTES),
      contributions: [],
      novel: [],
      rule: explanation.rule === null ? null : cutText(explanation.rule, MAX_RULE_BYTES),
    },
    features: {},
    reading: {},
    truncated: CUTTABLE.map(([name]) => name),
  };
  let room = MAX_BODY_BYTES - jsonBytes(bare);
  const contributions = firstThatFit(explanation.contributions, room / 2);
  room -= listBytes(contributions);
  const novel = firstThatFit(explanation.novel, room / 4);
  room -= listBytes(novel);
  const telling = new Set([...contributions.map(({ feature }) => feature), ...novel]);
  const [forFeatures, forReading] = split(
    room,
    listBytes(Object.entries(full.features), ENTRY),
    listBytes(Object.entries(full.reading), ENTRY),
  );
  const cut: AlertBody = {
    ...bare,
    explanation: { ...bare.explanation, contributions, novel },
    features: mostTelling(full.features, telling, forFeatures),
    reading: mostTelling(full.reading, telling, forReading),
  };
  const truncated = CUTTABLE.filter(([, size]) => size(cut) !== size(full)).map(([name]) => name);
  return { ...cut, truncated };
}

/** Fields that may be cut, each with a value that shows whether it was cut. */
const CUTTABLE: readonly (readonly [name: string, size: (body: AlertBody) => unknown])[] = [
  ["sensor_id", (body) => body.sensor_id],
  ["pipeline", (body) => body.pipeline],
  ["detector", (body) => body.detector],
  ["explanation.summary", (body) => body.explanation.summary],
  ["explanation.contributions", (body) => body.explanation.contributions.length],
  ["explanation.novel", (body) => body.explanation.novel.length],
  ["explanation.rule", (body) => body.explanation.rule],
  ["features", (body) => Object.keys(body.features).length],
  ["reading", (body) => Object.keys(body.reading).length],
];

/** The entries that fit, in their order. Those in `telling` have priority. */
function mostTelling(
  values: AlertBody["features"],
  telling: ReadonlySet<string>,
  room: number,
): AlertBody["features"] {
  const entries = Object.entries(values);
  const isTelling = ([name]: readonly [string, unknown]): boolean => telling.has(name);
  const byTelling = [...entries.filter(isTelling), ...entries.filter((entry) => !isTelling(entry))];
  const kept = new Set(firstThatFit(byTelling, room, ENTRY));
  return Object.fromEntries(entries.filter((entry) => kept.has(entry)));
}

/** The items that fit into `room` bytes; skips each item that is larger than the rest of the room. */
function firstThatFit<T>(items: readonly T[], room: number, more = COMMA): T[] {
  let left = room;
  return items.filter((item) => {
    const bytes = jsonBytes(item) + more;
    if (bytes > left) return false;
    left -= bytes;
    return true;
  });
}

/** Splits `room` in half; room that one half does not need goes to the other. */
function split(room: number, first: number, second: number): [number, number] {
  if (first <= room / 2) return [first, room - first];
  return second <= room / 2 ? [room - second, second] : [room / 2, room / 2];
}

/** Whole characters of a text, and an ellipsis if it was cut, in at most `most` bytes of JSON. */
function cutText(text: string, most: number): string {
  if (jsonBytes(text) <= most) return text;
  let left = most - jsonBytes("…");
  let cut = "";
  for (const character of text) {
    left -= jsonBytes(character) - 2; // without its quotes
    if (left < 0) break;
    cut += character;
  }
  return `${cut}…`;
}

function listBytes(items: readonly unknown[], more = COMMA): number {
  return items.reduce<number>((sum, item) => sum + jsonBytes(item) + more, 0);
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
