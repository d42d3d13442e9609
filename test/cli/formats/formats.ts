/** A way to write readings of two sensors with temperature and humidity, and what must be decided about it. */
export interface WrittenFormat {
  readonly name: string;
  /** Its lines. */
  readonly lines: readonly string[];
  /** Name of the format. */
  readonly format: string;
  /** The column that names the sensor; null: none. */
  readonly key: string | null;
  /** Watched columns, in any order. */
  readonly watched: readonly string[];
}

interface Row {
  readonly iso: string;
  readonly ms: number;
  readonly id: string;
  readonly temp: string;
  readonly hum: string;
}

const ROWS: readonly Row[] = Array.from({ length: 60 }, (_, i) => {
  const ms = Date.UTC(2026, 2, 1, 9, Math.floor(i / 2));
  return {
    ...{ ms, iso: new Date(ms).toISOString(), id: i % 2 === 0 ? "a" : "b" },
    temp: (21 + ((i * 7) % 13) / 10).toFixed(1),
    hum: (48 + ((i * 5) % 11) / 10).toFixed(1),
  };
});

const rows = (line: (row: Row, i: number) => string): string[] => ROWS.map(line);
const plain = (iso: string): string => iso.slice(0, 19).replace("T", " ");
const comma = (text: string): string => text.replace(".", ",");
const table = (header: string, line: (row: Row) => string): string[] => [header, ...rows(line)];
/** Each quantity on a line of its own. */
const quantities = (line: (row: Row, name: string, value: string) => string): string[] =>
  ROWS.flatMap((row) => [line(row, "temp", row.temp), line(row, "hum", row.hum)]);

const BOTH = ["temp", "hum"];
const csv = (name: string, lines: readonly string[], more: Partial<WrittenFormat> = {}) => ({
  ...{ name, lines, format: "csv", key: "sensor_id", watched: BOTH },
  ...more,
});
const other = (
  name: string,
  format: string,
  key: string | null,
  lines: readonly string[],
  watched = BOTH,
) => ({ name, format, key, lines, watched });

export const FORMATS: readonly WrittenFormat[] = [
  csv(
    "commas",
    table("time,sensor_id,temp,hum", ({ iso, id, temp, hum }) => [iso, id, temp, hum].join(",")),
  ),
  csv(
    "semicolons and decimal commas",
    table("time;sensor_id;temp;hum", ({ iso, id, temp, hum }) =>
      [plain(iso), id, comma(temp), comma(hum)].join(";"),
    ),
  ),
  csv(
    "tabs",
    table("time\tsensor_id\ttemp\thum", ({ ms, id, temp, hum }) => [ms, id, temp, hum].join("\t")),
  ),
  csv(
    "vertical bars",
    table("time|sensor_id|temp|hum", ({ iso, id, temp, hum }) => [iso, id, temp, hum].join("|")),
  ),
  csv(
    "quoted cells",
    table('"time","sensor_id","temp","hum"', ({ iso, id, temp, hum }) =>
      [iso, id, temp, hum].map((cell) => `"${cell}"`).join(","),
    ),
  ),
  csv(
    "units in cells",
    table(
      "time,sensor_id,temp,hum",
      ({ iso, id, temp, hum }) => `${iso},${id},${temp} °C,${hum} %`,
    ),
  ),
  csv(
    "a delimiter after the last cell",
    table("time;sensor_id;temp;hum;", ({ iso, id, temp, hum }) => `${iso};${id};${temp};${hum};`),
  ),
  csv(
    "no header",
    rows(({ iso, id, temp, hum }) => [iso, id, temp, hum].join(",")),
    { key: "column_2", watched: ["column_3", "column_4"] },
  ),
  csv(
    "no header and no time",
    rows(({ temp, hum }) => `${temp},${hum}`),
    { key: null, watched: ["column_1", "column_2"] },
  ),
  csv(
    "day first",
    table("time;sensor_id;temp;hum", ({ iso, id, temp, hum }) => {
      const [year, month, day] = iso.slice(0, 10).split("-");
      return [`${Number(day) + 13}.${month}.${year} ${iso.slice(11, 19)}`, id, temp, hum].join(";");
    }),
  ),
  csv(
    "date and time of day",
    table("Date,Time,sensor_id,temp,hum", ({ iso, id, temp, hum }) =>
      [iso.slice(0, 10), iso.slice(11, 19), id, temp, hum].join(","),
    ),
  ),
  csv(
    "a row for each quantity",
    [
      "time,sensor,quantity,value",
      ...quantities(({ iso, id }, name, value) => [iso, id, name, value].join(",")),
    ],
    { key: "sensor" },
  ),
  csv("one column", ["temp", ...rows(({ temp }) => temp)], { key: null, watched: ["temp"] }),
  other(
    "flat JSON",
    "jsonl",
    "sensor_id",
    rows(
      ({ iso, id, temp, hum }) =>
        `{"time":"${iso}","sensor_id":"${id}","temp":${temp},"hum":${hum}}`,
    ),
  ),
  other(
    "nested JSON",
    "jsonl",
    "device.id",
    rows(
      ({ ms, id, temp, hum }) =>
        `{"ts":${ms},"device":{"id":"${id}"},"data":{"temp":${temp},"hum":${hum}}}`,
    ),
    ["data.temp", "data.hum"],
  ),
  other(
    "JSON with numbers as texts",
    "jsonl",
    "sensor_id",
    rows(
      ({ iso, id, temp, hum }) =>
        `{"time": "${iso}", "sensor_id": "${id}", "temp": "${temp}", "hum": "${hum}"}`,
    ),
  ),
  other(
    "JSON in a text",
    "jsonl",
    "device",
    rows(({ ms, id, temp, hum }) =>
      JSON.stringify({ ts: ms, device: id, payload: `{"temp":${temp},"hum":${hum}}` }),
    ),
    ["payload.temp", "payload.hum"],
  ),
  other(
    "topic and JSON",
    "jsonl",
    "topic",
    rows(
      ({ iso, id, temp, hum }) =>
        `tele/${id}/SENSOR {"Time":"${iso.slice(0, 19)}","temp":${temp},"hum":${hum}}`,
    ),
  ),
  other(
    "line protocol",
    "influx",
    "host",
    rows(({ ms, id, temp, hum }) => `weather,host=${id} temp=${temp},hum=${hum} ${ms}000000`),
  ),
  other(
    "line protocol without a time",
    "influx",
    "host",
    rows(({ id, temp, hum }) => `weather,host=${id} temp=${temp},hum=${hum}`),
  ),
  other(
    "line protocol with several measurements",
    "influx",
    "series",
    ROWS.flatMap(({ ms, id, temp, hum }) => [
      `air,host=${id} temp=${temp} ${ms}000000`,
      `ground,host=${id} temp=${hum} ${ms}000000`,
    ]),
    ["temp"],
  ),
  other(
    "names and values with colons",
    "keyvalue",
    null,
    rows(({ temp, hum }) => `temp:${temp},hum:${hum}`),
  ),
  other(
    "names and values with a time",
    "keyvalue",
    "id",
    rows(({ iso, id, temp, hum }) => `[${plain(iso)}] id=${id} temp=${temp} hum=${hum}`),
  ),
  other(
    "names, values and units",
    "keyvalue",
    null,
    rows(({ temp, hum }) => `Temperature: ${temp} °C  Humidity: ${hum} %`),
    ["Temperature", "Humidity"],
  ),
  other(
    "numbers and blanks",
    "keyvalue",
    null,
    rows(({ temp, hum }) => `${temp} ${hum}`),
    ["value_1", "value_2"],
  ),
  other(
    "log lines of ESP-IDF",
    "keyvalue",
    null,
    rows(({ temp, hum }, i) => `I (${1000 + i * 37}) main: temp = ${temp} hum = ${hum}`),
  ),
  other(
    "log lines of ESPHome",
    "keyvalue",
    null,
    quantities(
      ({ iso }, name, value) =>
        `[${iso.slice(11, 19)}][D][sensor:094]: '${name}': Sending state ${value} °C with 1 decimals of accuracy`,
    ),
  ),
  other(
    "topics and numbers",
    "keyvalue",
    null,
    quantities((_, name, value) => `home/${name} ${value}`),
    ["home/temp", "home/hum"],
  ),
];
