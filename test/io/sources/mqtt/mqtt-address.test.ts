import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  filterFault,
  parseMqttAddress,
  topicTest,
} from "../../../../src/io/sources/mqtt/mqtt-address.ts";

describe("parseMqttAddress", () => {
  it.each([
    ["mqtt://host", { host: "host", port: 1883, filter: null, shown: "mqtt://host" }],
    ["mqtt://host/", { filter: null, shown: "mqtt://host" }],
    ["MQTTS://host/a/+/#", { protocol: "mqtts", port: 8883, filter: "a/+/#" }],
    ["mqtt://[::1]:1884/#", { host: "::1", port: 1884, shown: "mqtt://[::1]:1884/#" }],
    ["mqtt://me:p%40ss@host/a", { username: "me", password: "p@ss", shown: "mqtt://host/a" }],
  ])("reads %s", (text, parts) => {
    expect(parseMqttAddress(text)).toMatchObject(parts);
  });

  it.each([
    "mqtt://",
    "mqtt://host:0/a",
    "mqtt://host:70000/a",
    "mqtt://a:%zz@host",
    "http://host",
  ])("rejects %s", (text) => {
    expect(parseMqttAddress(text)).toBeNull();
  });
});

describe("filterFault", () => {
  it.each(["a", "a/b", "+/b", "a/+/c", "#", "a/#", "/", "$SYS/#"])("accepts %s", (filter) => {
    expect(filterFault(filter)).toBeNull();
  });

  it.each([
    ["sensors/#/temp", 'Did you mean "sensors/+/temp"?'],
    ["sensors/a+/temp", 'Did you mean "sensors/+/temp"?'],
    ["sensors/temp#", 'Did you mean "sensors/#"?'],
    ["$share/group/a", "without $share"],
  ])("names what to write instead of %s", (filter, hint) => {
    expect(filterFault(filter)?.hint).toContain(hint);
  });
});

/** As the specification of MQTT says it, level by level. */
function matches(filter: readonly string[], topic: readonly string[]): boolean {
  if (/^[+#]$/.test(filter[0] ?? "") && topic[0]?.startsWith("$") === true) return false;
  for (const [i, level] of filter.entries()) {
    if (level === "#") return true;
    if (i >= topic.length || (level !== "+" && level !== topic[i])) return false;
  }
  return topic.length === filter.length;
}

describe("topicTest", () => {
  it("matches as the specification says", () => {
    const level = fc.constantFrom("", "a", "b.", "$x", "a(");
    const filters = fc
      .tuple(fc.array(fc.oneof(level, fc.constant("+")), { maxLength: 4 }), fc.boolean())
      .map(([levels, isOpen]) => (isOpen || levels.length === 0 ? [...levels, "#"] : levels));
    const topics = fc.array(level, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(filters, topics, (filter, topic) => {
        const expected = matches(filter, topic);
        expect(topicTest([filter.join("/")])(topic.join("/"))).toBe(expected);
      }),
    );
  });
});
