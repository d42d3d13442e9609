import type { Reading, Recording } from "./recording.ts";

/** Writes a line for each reading. */
const lines =
  (line: (reading: Reading, row: number) => string) =>
  ({ readings }: Recording): string =>
    readings.map((reading, row) => `${line(reading, row)}\n`).join("");

/** Writes a line for each quantity of each reading that is not missing. */
const quantityLines =
  (line: (reading: Reading, quantity: string, value: number) => string, head = "") =>
  ({ readings }: Recording): string =>
    head +
    readings
      .flatMap((reading) =>
        Object.entries(reading.values)
          .filter(([, value]) => !Number.isNaN(value))
          .map(([quantity, value]) => `${line(reading, quantity, value)}\n`),
      )
      .join("");

const isoOf = (ms: number): string => new Date(ms).toISOString();

/** Values without the missing ones. */
const present = (values: Reading["values"]): Record<string, number> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => !Number.isNaN(value)));

export const flatJson = lines(({ time, sensor, values }) =>
  JSON.stringify({ time: isoOf(time), sensor_id: sensor, ...present(values) }),
);

export const nestedJson = lines(({ time, sensor, values }, row) =>
  JSON.stringify({
    device: { id: sensor, f_cnt: row },
    received_at: isoOf(time),
    data: present(values),
  }),
);

export const jsonInText = lines(({ time, sensor, values }) =>
  JSON.stringify({
    ts: time,
    topic: `plant/${sensor}`,
    payload: JSON.stringify(present(values)),
  }),
);

export const topics = quantityLines(({ time, sensor }, quantity, value) =>
  JSON.stringify({ ts: time, topic: `${sensor}/${quantity}`, payload: String(value) }),
);

export const longJson = quantityLines(({ time, sensor }, metric, value) =>
  JSON.stringify({ meta: { device_id: sensor }, at: isoOf(time), metric, value }),
);

export const topicAndJson = lines(
  ({ time, sensor, values }) =>
    `plant/${sensor}/SENSOR ${JSON.stringify({ Time: isoOf(time).slice(0, 19), ...present(values) })}`,
);

const objects = ({ readings }: Recording) =>
  readings.map(({ time, sensor, values }) => ({
    time: isoOf(time),
    sensor_id: sensor,
    ...present(values),
  }));

export const jsonArray = (recording: Recording): string => JSON.stringify(objects(recording));

export const indentedArray = (recording: Recording): string =>
  `${JSON.stringify(objects(recording), null, 2)}\n`;

export const lineProtocol = lines(({ time, sensor, values }) => {
  const fields = Object.entries(present(values)).map(([name, value]) => `${name}=${value}`);
  return `machine,sensor_id=${sensor} ${fields.join(",")} ${time}000000`;
});

export const annotatedCsv = ({ readings, quantities, sensors }: Recording): string => {
  const types =
    "string,long,dateTime:RFC3339,dateTime:RFC3339,dateTime:RFC3339,double,string,string,string";
  const tables = quantities.flatMap((quantity) => sensors.map((sensor) => ({ quantity, sensor })));
  const head = [
    "#group,false,false,true,true,false,false,true,true,true",
    `#datatype,${types}`,
    "#default,_result,,,,,,,,",
    ",result,table,_start,_stop,_time,_value,_field,_measurement,sensor_id",
  ];
  const rows = tables.flatMap(({ quantity, sensor }, table) =>
    readings
      .filter((reading) => reading.sensor === sensor)
      .map(({ time, values }) =>
        [
          ...["", "", table, "2026-03-13T00:00:00Z", "2026-03-15T00:00:00Z", isoOf(time)],
          ...[values[quantity], quantity, "machine", sensor],
        ].join(","),
      ),
  );
  return [...head, ...rows, ""].join("\r\n");
};

export const prometheus = quantityLines(
  ({ time, sensor }, quantity, value) => `${quantity}{sensor="${sensor}"} ${value} ${time}`,
  "# HELP temperature measured\n# TYPE temperature gauge\n",
);

export const keyValue = lines(({ time, sensor, values }) => {
  const pairs = Object.entries(present(values)).map(([name, value]) => `${name}=${value}`);
  return `[${isoOf(time).slice(0, 19).replace("T", " ")}] id=${sensor} ${pairs.join(" ")}`;
});
