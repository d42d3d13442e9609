import { describe, expect, it } from "vitest";
import {
  type DetectedFormat,
  detectFirstFormat,
  detectLineFormat,
} from "../../../../src/io/decoders/lines/detect-line-format.ts";

const BOOT = [
  "\ufffd\ufffd\u0001x\ufffd",
  "ets Jun  8 2016 00:22:57",
  "",
  "rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)",
  "configsip: 0, SPIWP:0xee",
  "clk_drv:0x00,q_drv:0x00,d_drv:0x00,cs0_drv:0x00,hd_drv:0x00,wp_drv:0x00",
  "mode:DIO, clock div:1",
  "load:0x3fff0030,len:1344",
  "load:0x40078000,len:13964",
  "ho 0 tail 12 room 4",
  "load:0x40080400,len:3600",
  "entry 0x400805f0",
  "I (312) cpu_start: Pro cpu start user code",
  "Connecting to wifi....",
  "IP: 192.168.1.10, rssi: -67",
];

const detect = (lines: readonly string[], format = "auto", final = false): DetectedFormat | null =>
  detectLineFormat(lines, "port", { format, final, rename: {}, arrivalMs: 0 });

const columnsOf = (found: DetectedFormat | null): string =>
  (found?.profile.columns ?? []).map(({ name, role }) => `${name}:${role}`).join(" ");

const FORMATS = [
  {
    name: "csv",
    lines: ["23.4,45", "23.5,46", "23.4,47"],
    columns: "column_1:number column_2:number",
  },
  {
    name: "csv",
    lines: ["id;temp;hum", "a;23,4;45", "a;23,5;46,5", "b;23,4;47"],
    columns: "id:text temp:number hum:number",
  },
  { name: "csv", lines: ["23.4", "23.5", "23.4"], columns: "column_1:number" },
  {
    name: "jsonl",
    lines: ['{"temp":23.4}', '{"temp":23.5,"id":"a"}', '{"temp":23.5}'],
    columns: "temp:number id:text",
  },
  {
    name: "keyvalue",
    lines: ["temp:23.4,hum:45", "temp:23.5,hum:46", "temp:23.4,hum:47"],
    columns: "temp:number hum:number",
  },
  {
    name: "keyvalue",
    lines: ["temp: 23.4 C", "temp: 23.5 C", "temp: 23.4 C"],
    columns: "temp:number",
  },
  {
    name: "keyvalue",
    lines: ["1.5 2", "1.6 3", "1.4 2"],
    columns: "value_1:number value_2:number",
  },
  {
    name: "influx",
    lines: [
      "weather,place=roof temp=21.5,hum=40i 1767225600000000000",
      "weather,place=roof temp=21.5,hum=41i 1767225601000000000",
      "weather,place=yard temp=21.5,hum=41i 1767225602000000000",
    ],
    columns: "timestamp:timestamp place:text temp:number hum:number",
  },
] as const;

describe("the format of lines", () => {
  it.each(FORMATS)("is $name for $lines", ({ name, lines, columns }) => {
    const found = detect(lines);
    expect(found?.format.name).toBe(name);
    expect(found?.profile.format).toBe(name);
    expect(columnsOf(found)).toBe(columns);
  });

  it.each(FORMATS)(
    "is $name behind boot messages and garbage: $lines",
    ({ name, lines, columns }) => {
      const found = detect([(lines[1] ?? "").slice(3), ...BOOT, ...lines]);
      expect(found?.format.name).toBe(name);
      expect(columnsOf(found)).toBe(columns);
    },
  );

  it.each(FORMATS)(
    "is $name with a garbled line in between: $lines",
    ({ name, lines, columns }) => {
      const garbled = `${(lines[2] ?? "").slice(0, 4)}\ufffd\ufffd`;
      const found = detect([...lines, garbled, ...lines.slice(-2)]);
      expect(found?.format.name).toBe(name);
      expect(columnsOf(found)).toBe(columns);
    },
  );

  it("is unknown from boot messages, text or a single reading", () => {
    expect(detect(BOOT)).toBeNull();
    expect(detect([])).toBeNull();
    expect(detect(["hello", "world", "how are you"], "auto", true)).toBeNull();
    expect(detect(["temp:23.4"])).toBeNull();
  });

  it("is unknown from numbers with too many digits", () => {
    expect(detect(Array(3).fill("1".repeat(100)))?.format.name).toBe("csv");
    expect(detect(Array(3).fill("1".repeat(101)))).toBeNull();
  });

  it("is decided by a single reading if no more lines follow", () => {
    expect(detect(["temp:23.4"], "auto", true)?.format.name).toBe("keyvalue");
  });

  it("can be set", () => {
    const found = detect(["23.4,45", "23.5,46", "23.6,47"], "keyvalue");
    expect(columnsOf(found)).toBe("value_1:number value_2:number");
    expect(detect(["23.4,45", "23.5,46", "23.6,47"], "jsonl")).toBeNull();
  });

  it("treats three growing whole numbers as readings, but a growing first column as a row number", () => {
    const found = detect(["t=1 a=21", "t=2 a=22", "t=3 a=23"]);
    expect(columnsOf(found)).toBe("t:number a:number");
    const timed = detect(["time=1 a=21", "time=2 a=22", "time=3 a=23"]);
    expect(columnsOf(timed)).toBe("time:index a:number");
  });

  it("names the columns after the pipeline", () => {
    const options = { format: "auto", final: false, rename: { temp: "temperature" }, arrivalMs: 0 };
    for (const line of ["temp=1 hum=2", '{"temp":1,"hum":2}', "m temp=1,hum=2", "temp,hum"]) {
      const lines = line === "temp,hum" ? [line, "1.5,2", "1.5,2", "2.5,1"] : [line, line, line];
      expect(
        detectLineFormat(lines, "port", options)?.profile.columns.map(({ name }) => name),
      ).toEqual(["temperature", "hum"]);
    }
  });

  it("describes unrecognised lines", () => {
    const found = detect(["temp: 23.4 C", "temp: 23.5 C", "temp: 23.4 C"]);
    expect(found?.profile.remarks).toEqual([
      { topic: "format", text: "names and values on each line" },
      { topic: "format", text: "units: temp C" },
    ]);
  });
});

describe("a log line among the first twenty", () => {
  const readings = Array.from({ length: 20 }, (_, i) => `2${i % 7}.${i % 10},4${i % 5}.1`);
  const messages = [
    "WiFi connected, RSSI good",
    "Connecting to WiFi, please wait",
    "sensor init done, ok",
    "wifi connected, 3",
    "Starting up, v1",
  ];

  it.each(messages)("%j never becomes a column, wherever it stands", (message) => {
    for (const at of [0, 1, 5, 10, 19]) {
      const lines = readings.toSpliced(at, 0, message);
      expect([at, columnsOf(detect(lines))]).toEqual([at, "column_1:number column_2:number"]);
    }
  });

  it("does not hide the header above or below it", () => {
    for (const message of messages) {
      const columns = "temp:number hum:number";
      expect(columnsOf(detect([message, "temp,hum", ...readings]))).toBe(columns);
      expect(columnsOf(detect(["temp,hum", message, ...readings]))).toBe(columns);
      expect(columnsOf(detect(["temp,hum", ...readings.toSpliced(7, 0, message)]))).toBe(columns);
    }
  });
});

describe("detectFirstFormat", () => {
  const two = (count: number) => Array.from({ length: count }, (_, i) => `2${i % 7}.5,4${i % 5}.1`);
  const three = (count: number) => two(count).map((line) => `${line},7.${line.length % 3}`);
  const find = (lines: readonly string[]): string =>
    columnsOf(
      detectFirstFormat(lines, "port", { format: "auto", final: false, rename: {}, arrivalMs: 0 }),
    );

  it("decides by the lines before a change, if those after it can be read later", () => {
    expect(find([...two(150), ...three(50)])).toBe("column_1:number column_2:number");
    expect(find([...two(60), ...three(140)])).toBe("column_1:number column_2:number");
  });

  it("decides by most lines, if the first ones have other columns", () => {
    const other = Array.from({ length: 140 }, (_, i) => `{"temp": ${20 + (i % 7)}}`);
    expect(find([...two(60), ...other])).toBe("temp:number");
    expect(find([...two(140), ...other.slice(0, 60)])).toBe("column_1:number column_2:number");
  });
});
