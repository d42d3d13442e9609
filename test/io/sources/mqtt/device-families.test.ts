import { describe, expect, it } from "vitest";
import { type Message, messageLines } from "../../../../src/io/sources/mqtt/message-lines.ts";
import { Random } from "../../../support/random.ts";
import { folderWith, runCli } from "../../../support/run-cli.ts";

const ROUNDS = 30;
const START = Date.UTC(2026, 2, 1);

/** The values of one round. */
interface Round {
  readonly i: number;
  /** ISO 8601 without a zone, and epoch ms. */
  readonly time: string;
  readonly ms: number;
  near(value: number): number;
}

/** Messages in the form of a device family. */
interface Family {
  readonly name: string;
  readonly sensors: readonly string[];
  readonly watched: readonly string[];
  messages(round: Round): Readonly<Record<string, unknown>>;
}

const families: readonly Family[] = [
  {
    name: "Tasmota",
    sensors: ["tele/plug1/SENSOR", "tele/th1/SENSOR"],
    watched: [
      ...["ENERGY.Power", "ENERGY.Voltage", "ENERGY.Current"],
      ...["AM2301.Temperature", "AM2301.Humidity", "AM2301.DewPoint"],
    ],
    messages: ({ time: Time, i, near }) => ({
      "tele/plug1/STATE": {
        ...{ Time, Uptime: "0T01:00:00", UptimeSec: 60 * i, Heap: 25, Sleep: 50, LoadAvg: 19 },
        ...{
          MqttCount: 1,
          POWER: "ON",
          Wifi: { AP: 1, RSSI: near(60), Signal: -60, LinkCount: 1 },
        },
      },
      "tele/plug1/LWT": "Online",
      "tele/plug1/SENSOR": {
        Time,
        ENERGY: { Power: near(40), Voltage: near(230), Current: near(2) },
      },
      "tele/th1/SENSOR": {
        Time,
        AM2301: { Temperature: near(21), Humidity: near(45), DewPoint: near(9) },
        TempUnit: "C",
      },
    }),
  },
  {
    name: "Zigbee2MQTT",
    sensors: ["zigbee2mqtt/kitchen", "zigbee2mqtt/plug"],
    watched: ["temperature", "humidity", "pressure", "power", "current"],
    messages: ({ near, i }) => ({
      "zigbee2mqtt/kitchen": {
        ...{ battery: 100 - (i % 2), linkquality: 80 + (i % 9), temperature: near(21) },
        ...{ humidity: near(50), pressure: near(990) },
      },
      "zigbee2mqtt/plug": {
        ...{ linkquality: 90 + (i % 7), power: near(20), current: near(1), state: "ON" },
        update: { installed_version: 16_777_241 + i, latest_version: 16_777_241, state: "idle" },
        update_available: i % 2 === 0,
      },
      "zigbee2mqtt/kitchen/availability": { state: "online" },
      "zigbee2mqtt/bridge/logging": { level: "info", message: `published ${i}` },
    }),
  },
  {
    name: "Shelly, second generation",
    sensors: ["shellyplus1pm-a8/status/switch:0", "shellyht-b1/status/temperature:0"],
    watched: ["output", "apower", "voltage", "current", "temperature.tC", "tC"],
    messages: ({ near }) => ({
      "shellyplus1pm-a8/online": "true",
      "shellyplus1pm-a8/status/switch:0": {
        ...{ id: 0, source: "init", output: true, apower: near(40), voltage: near(230) },
        ...{ current: near(1), temperature: { tC: near(45) } },
      },
      "shellyht-b1/status/temperature:0": { id: 0, tC: near(21) },
      "shellyht-b1/status/devicepower:0": { id: 0, battery: { V: 5.1, percent: 83 } },
    }),
  },
  {
    name: "ESPHome",
    sensors: ["livingroom/sensor"],
    watched: ["air_temperature", "air_humidity"],
    messages: ({ near }) => ({
      "livingroom/status": "online",
      "livingroom/sensor/air_temperature/state": near(21),
      "livingroom/sensor/air_humidity/state": near(50),
      "livingroom/binary_sensor/door/state": "ON",
    }),
  },
  {
    name: "The Things Stack, version 3",
    sensors: ["v3/app@ttn/devices/soil-1/up", "v3/app@ttn/devices/soil-2/up"],
    watched: [
      "uplink_message.decoded_payload.moisture",
      "uplink_message.decoded_payload.soil_temp",
    ],
    messages: ({ near, ms, i }) =>
      Object.fromEntries(
        ["soil-1", "soil-2"].map((id) => [
          `v3/app@ttn/devices/${id}/up`,
          {
            end_device_ids: { device_id: id, application_ids: { application_id: "app" } },
            received_at: new Date(ms).toISOString(),
            uplink_message: {
              ...{ f_port: 1, f_cnt: i, frm_payload: "AQI=" },
              decoded_payload: { moisture: near(30), soil_temp: near(12), battery: 3.1 },
              rx_metadata: [{ gateway_ids: { gateway_id: "g" }, rssi: -near(90), snr: near(7) }],
            },
          },
        ]),
      ),
  },
  {
    name: "Telegraf, JSON",
    sensors: ["telegraf/pi/cpu", "telegraf/pi/mem"],
    watched: ["fields.usage_idle", "fields.used_percent"],
    messages: ({ near, ms }) => ({
      "telegraf/pi/cpu": {
        metrics: [
          {
            ...{ fields: { usage_idle: near(90) }, name: "cpu", tags: { host: "pi" } },
            timestamp: ms / 1000,
          },
        ],
      },
      "telegraf/pi/mem": {
        ...{ fields: { used_percent: near(40) }, name: "mem", tags: { host: "pi" } },
        timestamp: ms / 1000,
      },
    }),
  },
  {
    name: "ThingsBoard",
    sensors: ["v1/devices/me/telemetry"],
    watched: ["values.temperature", "values.humidity"],
    messages: ({ near, ms: ts }) => ({
      "v1/devices/me/telemetry": { ts, values: { temperature: near(21), humidity: near(50) } },
    }),
  },
  {
    name: "plain numbers",
    sensors: ["home/kitchen", "home/cellar", "tank"],
    watched: ["temperature", "humidity", "level"],
    messages: ({ near }) => ({
      "home/kitchen/temperature": `${near(21)} °C`,
      "home/kitchen/humidity": `${near(45)} %`,
      "home/cellar/temperature": `${near(12)} °C`,
      "tank/level": near(70),
    }),
  },
];

function linesOf({ messages }: Family): string {
  const random = new Random(5);
  const lines: string[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const ms = START + 60_000 * i;
    const near = (value: number): number => Number((value * (1 + random.normal() / 50)).toFixed(2));
    const time = new Date(ms).toISOString().slice(0, 19);
    for (const [topic, payload] of Object.entries(messages({ i, ms, time, near }))) {
      const text = typeof payload === "string" ? payload : JSON.stringify(payload);
      const message: Message = { topic, text };
      lines.push(...messageLines(message, null));
    }
  }
  return `${lines.join("\n")}\n`;
}

describe("messages of device families, without configuration", () => {
  it.each(families)("$name: sensors and columns are right", async (family) => {
    const args = ["watch", "-", "--all", "--format", "jsonl"];
    const run = await runCli(args, { cwd: await folderWith({}), input: linesOf(family) });
    expect(run.code, run.stderr).toBe(0);
    const rows = run.stdout.split("\n").filter((line) => line.startsWith('{"row"'));
    const sensors = new Set(
      rows.map((line) => (JSON.parse(line) as { sensor_id: string }).sensor_id),
    );
    const [, watched = ""] = / watched: (.*)/.exec(run.stderr) ?? [];
    expect([...sensors].sort(), run.stderr).toEqual([...family.sensors].sort());
    expect(
      watched
        .replaceAll(/ \([^)]*\)/g, "")
        .split(", ")
        .sort(),
    ).toEqual([...family.watched].sort());
  });
});
