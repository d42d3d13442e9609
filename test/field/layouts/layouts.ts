import { gzipSync } from "node:zlib";
import * as documents from "./documents.ts";
import type { Layout } from "./layout.ts";
import * as numbers from "./numbers.ts";
import { complementary, long, type Table, table, wide, withColumn } from "./table.ts";
import * as times from "./times.ts";

const { pattern, named, epoch } = times;

const ONE = { recording: { sensors: ["plant"] } };
const GAPS = { recording: { missing: 0.03 } };
const ROOMS = {
  recording: { sensors: ["room1", "room2", "room3", "room4"], quantities: ["temperature"] },
};
const semicolon = { separator: ";", number: numbers.comma };
const fromStart = { args: ["--start", "2026-03-13T22:00:00Z"] };

/** Times. */
const TIMES: readonly Layout[] = [
  table("ISO 8601 with blanks", { time: pattern("YYYY-MM-DD HH:mm:ss") }),
  table("ISO 8601 with slashes", { time: pattern("YYYY/MM/DD HH:mm") }),
  table("ISO 8601 with an offset", { time: pattern("YYYY-MM-DDTHH:mm:ss+01:00", "t", 3_600_000) }),
  table("a fraction with a comma", { time: pattern("YYYY-MM-DD HH:mm:ss,000"), separator: ";" }),
  table("day first with dots", { time: pattern("DD.MM.YYYY HH:mm:ss"), ...semicolon }),
  table("day first with short dots", { time: pattern("D.M.YYYY H:mm") }),
  table("day first with slashes", { time: pattern("DD/MM/YYYY HH:mm:ss") }),
  table("day first with dashes", { time: pattern("DD-MM-YYYY HH:mm:ss") }),
  table("day first with two digits of the year", { time: pattern("DD.MM.YY HH:mm:ss") }),
  table("month first with slashes", { time: pattern("MM/DD/YYYY HH:mm:ss") }),
  table("month first, 12 hours", { time: pattern("M/D/YY hh:mm:ss A") }),
  table("English months", { time: named("Mar") }),
  table("German months", { time: named("März", "D. ~ YYYY HH:mm") }),
  table("French months", { time: named("mars") }),
  table("Spanish months", { time: named("mar") }),
  table("Italian months", { time: named("marzo") }),
  table("compact", { time: pattern("YYYYMMDDHHmmss") }),
  table("seconds since 1970", { time: epoch(1000) }),
  table("milliseconds since 1970", { time: epoch(1) }),
  table("microseconds since 1970", { time: epoch(0.001) }),
  table("nanoseconds since 1970", { time: epoch(0.000001) }),
  table("serial days of Excel", { time: times.excelDays }),
  table("UTC as a word", { time: pattern("YYYY-MM-DD HH:mm:ss UTC") }),
  table("CET", { time: pattern("YYYY-MM-DD HH:mm:ss CET", "time", 3_600_000) }),
  table("date and time of day", { time: times.dateAndTime() }),
  table("date and time of day with slashes and dots", {
    time: times.dateAndTime("DD/MM/YYYY", "HH.mm.ss"),
    ...semicolon,
  }),
  table("calendar columns", { time: times.calendarColumns }),
  table("elapsed seconds", { time: times.elapsedSeconds }, fromStart),
  table("elapsed clock", { time: times.elapsedClock }, fromStart),
];

/** Separators and numbers. */
const CELLS: readonly Layout[] = [
  table("semicolons and decimal commas", semicolon),
  table("tabs", { separator: "\t" }),
  table("vertical bars", { separator: "|" }),
  table("blanks", { separator: " " }),
  table("several blanks", { separator: "   " }),
  table("blanks, also in the time", { separator: " ", time: pattern("YYYY-MM-DD HH:mm:ss") }),
  table("quoted cells", { quote: true }),
  table("CRLF", { newline: "\r\n" }),
  table("CR", { newline: "\r" }),
  table("signs", { number: numbers.signed }),
  table("exponents", { number: numbers.scientific }),
  table("decimal commas in quotes", { number: numbers.comma, quote: true }),
  table("thousands with commas", { number: numbers.englishThousands }),
  table("thousands with dots", { separator: ";", number: numbers.germanThousands }),
  table("thousands with blanks", { separator: ";", number: numbers.blankThousands(" ") }),
  table("thousands with non-breaking blanks", {
    separator: ";",
    number: numbers.blankThousands("\u00a0"),
  }),
  table("thousands with apostrophes", { number: numbers.swissThousands }),
  table("units in cells", { number: numbers.withUnit }),
  table("units without a blank", { number: numbers.withUnitAttached }),
  ...["NA", "NaN", "null", "-", "--", "N/A"].map((missing) =>
    table(`missing as ${missing}`, { missing }, GAPS),
  ),
  ...["---", "--.-", "?", "*", "unavailable", "unknown"].map((missing) =>
    table(`missing as ${missing}`, { missing }, GAPS),
  ),
  ...["-9999", "-999.9", "-127", "85", "65535", "32767"].map((missing) =>
    table(`missing as the number ${missing}`, { missing }, GAPS),
  ),
];

const units = ({ header }: Table): string[][] => [
  header.map((name) => (name === "temperature" || name === "speed" ? numbers.unitOf(name) : "")),
];

/** Lines around the table, and encodings. */
const FRAMES: readonly Layout[] = [
  table("byte order mark", { encode: (text) => `\ufeff${text}` }),
  table("gzip", { encode: (text) => gzipSync(text) }, { ending: ".csv.gz" }),
  table("UTF-16", { encode: (text) => Buffer.from(`\ufeff${text}`, "utf16le") }),
  table("sep line", { before: ["sep=,"] }),
  table("comment lines", { before: ["# exported by a logger", "# site: plant 1"] }),
  table("preamble", { before: ["Logger export", "Serial number,12345", "Interval,60 s", ""] }),
  table("footer", { after: ["", "End of data", "Mean and maximum are not shown"] }),
  table("comments among the readings", { after: ["# stopped for service", "// 2, 3"] }),
  table("units row", { below: units }),
  table("joined files", { after: ["time,sensor_id,temperature,speed"] }, { rejected: 1 }),
  table("blank lines", { before: ["", ""], after: ["", ""] }),
  table("text column", { change: withColumn("note", (row) => (row % 3 === 0 ? "ok" : "")) }),
  table("running number", { change: withColumn("index", String) }),
  table("running number under a name", { change: withColumn("entry_id", String) }),
  table("constant column", { change: withColumn("version", () => "3") }),
  table("signal strength", { change: withColumn("rssi", (row) => String(-60 - (row % 7))) }),
  table("empty column", { change: withColumn("spare", () => "") }),
];

/** Shapes and other formats. */
const SHAPES: readonly Layout[] = [
  table("one sensor without a name", {}, ONE),
  table("one sensor, day first", { time: pattern("DD.MM.YYYY HH:mm:ss"), ...semicolon }, ONE),
  table("long format", { shape: long() }),
  table("long format with device and metric", { shape: long("device", "metric") }),
  table("long format with gaps", { shape: long() }, GAPS),
  table("long format with a type", { shape: long("station", "type", "reading") }),
  { name: "long format in JSON", write: documents.longJson, ending: ".jsonl" },
  { name: "a topic for each quantity", write: documents.topics, ending: ".jsonl" },
  table("a row for each quantity, with gaps", { shape: complementary }, GAPS),
  table("a column a sensor", { shape: wide }, { ...ROOMS }),
  table("a row for each quantity", { shape: complementary }),
  { name: "JSON Lines", write: documents.flatJson, ending: ".jsonl" },
  { name: "JSON Lines with gaps", write: documents.flatJson, ending: ".jsonl", ...GAPS },
  { name: "nested JSON", write: documents.nestedJson, ending: ".jsonl" },
  {
    name: "JSON in a text",
    write: documents.jsonInText,
    ending: ".jsonl",
    sensorName: (sensor) => `plant/${sensor}`,
  },
  {
    name: "topic and JSON",
    write: documents.topicAndJson,
    ending: ".txt",
    sensorName: (sensor) => `plant/${sensor}/SENSOR`,
  },
  { name: "a JSON array", write: documents.jsonArray, ending: ".json" },
  { name: "a JSON array over several lines", write: documents.indentedArray, ending: ".json" },
  { name: "line protocol", write: documents.lineProtocol, ending: ".lp" },
  { name: "line protocol with gaps", write: documents.lineProtocol, ending: ".lp", ...GAPS },
  { name: "annotated CSV", write: documents.annotatedCsv },
  {
    name: "Prometheus",
    write: documents.prometheus,
    ending: ".txt",
    refused: { error: "the text format of Prometheus", ending: ".lp" },
    isSplit: true,
    sensorName: (sensor, quantity) => `${quantity},sensor=${sensor}`,
  },
  { name: "names and values", write: documents.keyValue, ending: ".log" },
];

/**
 * Ways to write one recording; all must give the scores of the plain layout. A new way is one line.
 */
export const LAYOUTS: readonly Layout[] = [...TIMES, ...CELLS, ...FRAMES, ...SHAPES];
