import { describe, expect, it } from "vitest";
import { messageLines } from "../../../../src/io/sources/mqtt/message-lines.ts";
import { TopicPattern } from "../../../../src/io/sources/mqtt/topic-pattern.ts";

const linesOf = (topic: string, text: string, pattern: string | null = null): unknown[] =>
  messageLines({ topic, text }, pattern === null ? null : new TopicPattern(pattern)).map((line) =>
    JSON.parse(line),
  );

describe("messageLines", () => {
  it.each([
    ["s/a", "23.4", { sensor_id: "s/a", value: 23.4 }],
    ["s/a", " 23.4 °C\n", { sensor_id: "s/a", value: 23.4, unit: "°C" }],
    ["s/a", "23,4%", { sensor_id: "s/a", value: 23.4, unit: "%" }],
    ["s/a/temperature", "23.4", { sensor_id: "s/a", temperature: 23.4 }],
    ["s/a/temperature", "23.4 °C", { sensor_id: "s/a", temperature: "23.4 °C" }],
    ["s/sensor/room_humidity/state", "40", { sensor_id: "s/sensor", room_humidity: 40 }],
    ["temperature", "23.4", { sensor_id: "temperature", value: 23.4 }],
    ["s/door", "true", { sensor_id: "s/door", value: true }],
    ["s/a", "1.5, 2.5", { sensor_id: "s/a", value: [1.5, 2.5] }],
    ["s/a", "[1, 2]", { sensor_id: "s/a", value: [1, 2] }],
    ["s/a", "temp:23.4,hum:45", { sensor_id: "s/a", temp: "23.4", hum: "45" }],
    [
      "s/a",
      "w,p=roof t=21.5 1767225600000000000",
      {
        ...{ sensor_id: "s/a", name: "w", p: "roof", t: "21.5", timestamp: "1767225600000000000" },
      },
    ],
    ["s/a", '{ "t": 1,\n "h": 2 }', { sensor_id: "s/a", t: 1, h: 2 }],
    ["s/a", "E 42 broken", { sensor_id: "s/a", payload: "E 42 broken" }],
  ])("gives the reading of %s %s", (topic, text, expected) => {
    expect(linesOf(topic, text)).toEqual([expected]);
  });

  it("gives each reading of a list a line", () => {
    const both = [
      { sensor_id: "s/a", t: 1 },
      { sensor_id: "s/a", t: 2 },
    ];
    expect(linesOf("s/a", '[{"t":1},{"t":2}]')).toEqual(both);
    expect(linesOf("s/a", '{"metrics":[{"t":1},{"t":2}]}')).toEqual(both);
    const devices = linesOf("v1/gateway/telemetry", '{"A":[{"ts":1,"values":{"t":1}}]}');
    expect(devices).toEqual([
      { sensor_id: "v1/gateway/telemetry", device: "A", ts: 1, values: { t: 1 } },
    ]);
  });

  it("keeps the digits of numbers as they were written", () => {
    expect(messageLines({ topic: "a", text: '{"n":12345678901234567890}' }, null)).toEqual([
      '{"sensor_id":"a","n":12345678901234567890}',
    ]);
  });

  it.each([
    ["tele/plug/LWT", "Online1"],
    ["tele/plug/STATE", '{"UptimeSec":5}'],
    ["zigbee2mqtt/bridge/info", '{"version":"1.2"}'],
    ["$SYS/broker/uptime", "5 seconds"],
    ["s/a/availability", '{"state":"online","n":1}'],
    ["s/a", "ON"],
    ["s/a", ""],
    ["s/a", '{"state":"online"}'],
  ])("gives nothing for %s %s, which is no reading", (topic, text) => {
    expect(linesOf(topic, text)).toEqual([]);
  });

  it("names the parts of a topic by a pattern", () => {
    const pattern = "site/{site}/{sensor_id}/{column}";
    expect(linesOf("site/bonn/k-1/hum", "45 %", pattern)).toEqual([
      { site: "bonn", sensor_id: "k-1", hum: 45, unit: "%" },
    ]);
    expect(linesOf("site/bonn/k-1/SENSOR", '{"t":1}', pattern)).toEqual([
      { site: "bonn", sensor_id: "k-1", t: 1 },
    ]);
    expect(linesOf("tele/plug/STATE", '{"Vcc":3}', "tele/{id}/STATE")).toEqual([
      { id: "plug", Vcc: 3 },
    ]);
    expect(linesOf("other/bonn", "45", pattern)).toEqual([]);
  });
});
