import { parsePoint } from "../../decoders/influx/parse-point.ts";
import { parsePairs } from "../../decoders/keyvalue/parse-pairs.ts";
import type { TopicPattern } from "./topic-pattern.ts";

/** Column of the topic: a name that every decoder takes for that of the sensor, also with one topic so far. */
const SENSOR = "sensor_id";
/** Columns of a single value and its unit. */
const VALUE = "value";
const UNIT = "unit";

/** Topics about devices and their programs, by the layouts of known families. */
const ABOUT_DEVICES =
  /^\$|(?:^|\/)(?:LWT|INFO[123]|availability|online|\$[^/]*)$|\/status\/(?:devicepower:\d+|sys|wifi|ble|cloud|mqtt|ws)$|^tele\/.*\/STATE$|^zigbee2mqtt\/bridge\/|^homeassistant\/.*\/config$/;
/** Levels after the name of a quantity: `livingroom/sensor/temperature/state`. */
const SUFFIX = /\/(?:state|value)$/i;
/** Names of quantities, at the end of a level. */
const QUANTITY =
  /(?:^|[^a-z])(?:t|h|p|rh|temp(?:erature)?|hum(?:idity)?|moisture|dew_?point|press(?:ure)?|co2?|eco2|t?voc|no2|o3|pm_?(?:1|2_?5|4|10)(?:_0)?|lux|light|illuminance|brightness|uv|level|distance|depth|weight|speed|rpm|flow|rain|wind|power|apower|voltage|volt|current|energy|total|frequency|ph|ec|tds|noise|sound|vibration|acceleration|volume|count(?:er)?|battery|rssi|lqi|linkquality|uptime)$/i;
const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;
const MEASURE = /^([-+]?(?:\d+[.,]?\d*|\.\d+))\s*([^\s\d,;|:={}[\]"]{1,8})$/u;
const NUMBERS = /^[-+]?[\d.]+(?:\s*[,;]\s*[-+]?[\d.]+)+$/;
const BOOLEAN = /^(?:true|false)$/i;
/** Topics of parts of a Shelly, whose payload begins with the number in the topic. */
const PART = /\/status\/[a-z]\w*:\d+$/;
const PART_NUMBER = /^"id"\s*:\s*\d+\s*,\s*/;
const GATEWAY = /^v1\/gateway\/telemetry$/;
const LINE_END = /[\r\n]+/;

/** A message of a broker. */
export interface Message {
  readonly topic: string;
  /** UTF-8; an invalid byte is U+FFFD. */
  readonly text: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * The readings of a message as JSON lines. A line has the fields of the payload and its topic as `sensor_id`, or the
 * named parts of the topic. Depends only on the message.
 *
 * @param pattern Null: the last level of a topic is the column of a single value if it is a known quantity, such as
 *   `temperature`; otherwise the column is `value`.
 * @returns Empty: the message has no number, or its topic tells about a device or does not match the pattern.
 */
export function messageLines(message: Message, pattern: TopicPattern | null): readonly string[] {
  const { topic } = message;
  const text = message.text.trim();
  const parts = pattern?.match(topic);
  if (parts === null || (pattern === null && ABOUT_DEVICES.test(topic))) return [];
  if (!/\d/.test(text) && !BOOLEAN.test(text)) return [];
  const names: Fields = parts?.fields ?? { [SENSOR]: topic };
  if (text.startsWith("{")) return objectLines(topic, names, text);
  const place = { topic, names, column: parts?.column ?? null, hasPattern: pattern !== null };
  return text.startsWith("[") ? arrayLines(place, text) : textLines(place, text);
}

interface Place {
  readonly topic: string;
  readonly names: Fields;
  /** Column of a single value by the pattern; null: it has none. */
  readonly column: string | null;
  readonly hasPattern: boolean;
}

function objectLines(topic: string, names: Fields, text: string): readonly string[] {
  const isTelegraf = /^\{\s*"metrics"\s*:\s*\[/.test(text);
  if (isTelegraf || GATEWAY.test(topic)) {
    const lines = expanded(names, parsed(text));
    if (lines !== null) return lines;
  }
  // without a parse; what follows the brace stays as it was written
  const all = text.slice(1).trimStart();
  const rest = PART.test(topic) ? all.replace(PART_NUMBER, "") : all;
  const start = JSON.stringify(names).slice(0, -1);
  return [`${start}${rest.startsWith("}") ? "" : ","}${rest.split(LINE_END).join(" ")}`];
}

/** The readings in a list within an object: of Telegraf, and by device as gateways of ThingsBoard send them. */
function expanded(names: Fields, object: unknown): readonly string[] | null {
  if (!isFields(object)) return null;
  const { metrics } = object;
  if (Array.isArray(metrics)) return metrics.filter(isFields).map((one) => lineOf(names, one));
  const devices = Object.entries(object).map(([device, entries]) =>
    Array.isArray(entries)
      ? entries.filter(isFields).map((entry) => lineOf({ ...names, device }, entry))
      : null,
  );
  return devices.includes(null) ? null : devices.flatMap((lines) => lines ?? []);
}

function arrayLines(place: Place, text: string): readonly string[] {
  const list = parsed(text);
  if (!Array.isArray(list)) return [lineOf(place.names, { payload: text })];
  if (list.every(isFields)) return list.map((one) => lineOf(place.names, one));
  return [singleLine(place, list)];
}

function textLines(place: Place, text: string): readonly string[] {
  if (NUMBER.test(text)) return [singleLine(place, Number(text))];
  if (BOOLEAN.test(text)) return [singleLine(place, text.toLowerCase() === "true")];
  const [, value, unit] = MEASURE.exec(text) ?? [];
  if (value !== undefined && unit !== undefined) {
    return [singleLine(place, Number(value.replace(",", ".")), unit)];
  }
  if (NUMBERS.test(text)) return [singleLine(place, text.split(/[,;]/).map(Number))];
  return text.split(LINE_END).map((line) => lineOf(place.names, fieldsOf(line)));
}

/** The fields of line protocol, or of names and values; a text of neither is the field `payload`. */
function fieldsOf(line: string): Fields {
  const point = parsePoint(line);
  if (!("wrong" in point)) {
    const { measurement: name, tags, fields, timestamp } = point;
    const parts = [...tags, ...fields].map(({ name: part, value }) => [part, value]);
    return { name, ...Object.fromEntries(parts), ...(timestamp === null ? {} : { timestamp }) };
  }
  const pairs = parsePairs(line).filter(({ labelled }) => labelled);
  if (pairs.length === 0) return { payload: line };
  return Object.fromEntries(pairs.map(({ name, value }) => [name, value]));
}

/** A line with one value, or a list of values. */
function singleLine(
  { topic, names, column, hasPattern }: Place,
  value: unknown,
  unit?: string,
): string {
  const units = unit === undefined ? {} : { [UNIT]: unit };
  if (hasPattern) return lineOf(names, { [column ?? VALUE]: value, ...units });
  const path = topic.replace(SUFFIX, "");
  const end = path.lastIndexOf("/");
  const quantity = path.slice(end + 1);
  if (end <= 0 || !QUANTITY.test(quantity))
    return lineOf({ [SENSOR]: path }, { [VALUE]: value, ...units });
  const written = unit === undefined ? value : `${value} ${unit}`;
  return lineOf({ [SENSOR]: path.slice(0, end) }, { [quantity]: written });
}

function lineOf(names: Fields, fields: Fields): string {
  return JSON.stringify({ ...names, ...fields });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
