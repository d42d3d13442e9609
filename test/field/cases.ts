import type { FieldCase, ReadCase } from "./field-case.ts";

/** An alert that begins in a minute of the first day. */
const faultAt = (sensor: string, minute: string, column: string): ReadCase["fault"] & object => ({
  sensor,
  within: [`2026-03-01T${minute}:00Z`, `2026-03-01T${minute}:59.999Z`],
  column,
});

/**
 * Files modelled on exports that people have reported as unreadable (`files/`), and what `replay` must make of each.
 * A file is listed once it gives the right result, or a refusal that names the way out.
 */
export const FIELD_CASES: readonly FieldCase[] = [
  {
    file: "01-uci-air-quality.csv",
    times: ["2026-03-01T00:00:00.000Z", "2026-03-13T11:00:00.000Z", 3600],
    sensors: ["01-uci-air-quality"],
    watched: ["CO(GT)", "PT08.S1(CO)", "NMHC(GT)", "C6H6(GT)", "T", "RH", "AH"],
    readings: 300,
    opening: ['time: "Date" and "Time", %d/%m/%Y %H.%M.%S'],
  },
  {
    file: "03-day-month-slash.csv",
    times: ["2026-03-01T00:00:00.000Z", "2026-03-13T11:00:00.000Z", 3600],
    sensors: ["03-day-month-slash"],
    watched: ["Temp", "Hum"],
    readings: 300,
    opening: ['time: "Date/Time", %d/%m/%Y %H:%M'],
  },
  {
    file: "04-date-and-time-columns.csv",
    times: ["2026-03-01T00:00:00.000Z", "2026-03-01T04:59:00.000Z", 60],
    sensors: ["04-date-and-time-columns"],
    watched: ["Temp", "Hum"],
    readings: 300,
    opening: ['time: "Date" and "Time"'],
  },
  {
    file: "05-year-month-day-hour.csv",
    times: ["2026-03-01T00:00:00.000Z", "2026-03-13T11:00:00.000Z", 3600],
    sensors: ["Dongsi"],
    watched: ["PM2.5", "TEMP", "PRES", "DEWP", "RAIN", "WSPM"],
    readings: 300,
    opening: ["%Y %m %d %H"],
  },
  {
    file: "06-compact-timestamp.csv",
    times: ["2026-03-01T00:00:00.000Z", "2026-03-01T04:59:00.000Z", 60],
    sensors: ["06-compact-timestamp"],
    watched: ["temp"],
    readings: 300,
    opening: ["%Y%m%d%H%M%S"],
  },
  {
    file: "30-elapsed-seconds.csv",
    times: ["1970-01-01T00:00:00.000Z", "1970-01-01T00:01:14.750Z", 0.25],
    sensors: ["30-elapsed-seconds"],
    watched: ["CH1 [V]", "CH2 [degC]"],
    readings: 300,
    opening: ["seconds since the start", "check: ", "--start"],
  },
  {
    file: "45-false-critical-hides-real.jsonl",
    times: ["2026-03-01T00:00:00.000Z", "2026-03-01T04:59:00.000Z", 60],
    sensors: ["45-false-critical-hides-real"],
    watched: ["state"],
    readings: 300,
    opening: ['time: "last_changed"', "last_updated (another time)"],
  },
  {
    file: "11-thousands-dot-silent.csv",
    times: ["2026-03-01T00:00:00.000Z", "2026-03-01T04:59:00.000Z", 60],
    sensors: ["11-thousands-dot-silent"],
    watched: ["Temp", "Drehzahl"],
    readings: 300,
    fault: faultAt("11-thousands-dot-silent", "04:22", "Drehzahl 980"),
    opening: ['a dot groups thousands in "Drehzahl", such as 1.487'],
  },
  {
    file: "12-grafana-units-in-cells.csv",
    times: ["2026-03-01T00:00:00.000Z", "2026-03-01T04:59:00.000Z", 60],
    sensors: ["12-grafana-units-in-cells"],
    watched: ['{host="a"} temp', '{host="b"} temp'],
    readings: 300,
    fault: faultAt("12-grafana-units-in-cells", "04:22", '{host="a"} temp'),
    opening: ['units: {host="a"} temp °C, {host="b"} temp °C'],
  },
  {
    file: "13-open-closed-silent.csv",
    times: ["2026-03-01T00:00:00.000Z", "2026-03-01T04:59:00.000Z", 60],
    sensors: ["13-open-closed-silent"],
    watched: ["door", "temp"],
    readings: 300,
    fault: faultAt("13-open-closed-silent", "04:22", "door 1 high"),
  },
  {
    file: "14-ha-history-binary.csv",
    times: ["2026-03-01T00:00:00.000Z", "2026-03-01T08:43:59.123Z", 97.001],
    sensors: [
      ...["sensor.kitchen_temperature", "binary_sensor.front_door", "sensor.kitchen_humidity"],
    ],
    watched: ["state"],
    readings: 750,
    fault: faultAt("sensor.kitchen_temperature", "07:03", "state"),
    opening: ['state "unavailable" (2 in the sample), state "unknown" (1 in the sample)'],
  },
  {
    file: "15-excel-sep-line.csv",
    times: ["2026-03-01T00:00:00.000Z", "2026-03-01T04:59:00.000Z", 60],
    sensors: ["15-excel-sep-line"],
    watched: ["temp"],
    readings: 300,
    fault: faultAt("15-excel-sep-line", "04:22", "temp"),
    opening: ["readings begin on line 3"],
  },
  {
    file: "19-mosquitto-v-json.txt",
    times: ["2026-03-01T00:00:00.000Z", "2026-03-02T00:55:00.000Z", 300],
    sensors: ["19-mosquitto-v-json"],
    watched: ["AM2301.Temperature", "AM2301.Humidity"],
    readings: 300,
    fault: faultAt("19-mosquitto-v-json", "21:50", "AM2301.Temperature"),
  },
  {
    file: "25-json-in-json-text.jsonl",
    times: ["2026-03-01T00:00:00.000Z", "2026-03-01T04:59:00.000Z", 60],
    sensors: ["25-json-in-json-text"],
    watched: ["payload.temp", "payload.hum"],
    readings: 300,
    fault: faultAt("25-json-in-json-text", "04:22", "payload.temp"),
  },
  {
    file: "27-quoted-decimal-comma.csv",
    times: ["2026-03-01T00:00:00.000Z", "2026-03-01T04:59:00.000Z", 60],
    sensors: ["27-quoted-decimal-comma"],
    watched: ["Temp", "Feuchte"],
    readings: 300,
    fault: faultAt("27-quoted-decimal-comma", "04:22", "Temp"),
    opening: ["the decimal mark is a comma"],
  },
  {
    file: "29-dashes-as-missing.csv",
    times: ["2026-03-01T00:00:00.000Z", "2026-03-02T00:55:00.000Z", 300],
    sensors: ["29-dashes-as-missing"],
    watched: ["Outdoor Temperature(℃)", "Humidity(%)", "Rain Rate(mm/hr)", "Wind(m/s)"],
    readings: 300,
    fault: faultAt("29-dashes-as-missing", "21:50", "Outdoor Temperature(℃)"),
    opening: ['Humidity(%) "---" (6 in the sample)'],
  },
  {
    file: "23-prometheus-exposition.txt",
    refused: ["the text format of Prometheus", "grep -v '^#' FILE | sed -E"],
  },
  {
    file: "24-vm-export-arrays.jsonl",
    refused: ["a line holds 300 readings, in the arrays timestamps, values", "jq -c '. as $o"],
  },
  {
    file: "26-newest-first.csv",
    refused: ['"time" only goes back', "(head -n 1 FILE; tail -n +2 FILE | tac)"],
  },
  { file: "46-ha-rest-nested-array.json", refused: ["a JSON array of arrays", "jq -c '.[][]'"] },
];
