import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { KeyTable } from "../../../src/core/key-table.ts";
import type { AlertBody } from "../../../src/io/messages/alert-schema.ts";
import { AlertDelivery } from "../../../src/io/outbox/alert-delivery.ts";
import { OpenEvents } from "../../../src/state/open-events.ts";
import { ImplausibleEvents } from "../../../src/watch/operational-events/implausible-events.ts";
import { WatchEvents } from "../../../src/watch/watch-events.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const RANGES = [
  { name: "temp", column: 0, min: -40, max: 85, unit: "°C" },
  { name: "hum", column: 1, min: 0, max: 100, unit: "" },
];
const START = Date.UTC(2026, 0, 1);

/** The implausible values of one session; rows are a second apart. */
function run(file: string) {
  const messages: AlertBody[] = [];
  const cells: string[] = [];
  const events = new WatchEvents(
    [
      {
        ops: (body) => void messages.push(body),
        implausible: ({ detail }) => void cells.push(detail),
      },
    ],
    new AlertDelivery(() => {}),
  );
  const watch = new ImplausibleEvents(events, "kiln", new OpenEvents(file, () => {}));
  const keys = new KeyTable(10);
  let rows = 0;
  const check = (...readings: readonly (readonly [string, number, number])[]): void => {
    const first = rows;
    rows += readings.length;
    const columns = [1, 2].map((i) => Float64Array.from(readings, (row) => row[i] as number));
    const batch = {
      ...{ length: readings.length, columns, labels: [], texts: [], source: 0 },
      timestamps: Float64Array.from(readings, (_, i) => START + 1000 * (first + i)),
      keys: Uint32Array.from(readings, ([sensor]) => keys.intern(sensor)),
      rows: Uint32Array.from(readings, (_, i) => first + i + 1),
    };
    watch.check({ batch, keys, label: "port", ranges: RANGES });
  };
  return { messages, cells, check };
}

const brief = (messages: readonly AlertBody[]) =>
  messages.map(({ status, sensor_id, explanation }) => [status, sensor_id, explanation.summary]);
const well = Array.from({ length: 12 }, () => ["a", 21, 40] as const);

describe("ImplausibleEvents", () => {
  it("fires for a sensor and column at the first implausible value, and resolves after twelve plausible ones", async () => {
    const { messages, cells, check } = run(join(await tempFolder(), "implausible.json"));
    check(["a", 21, 40], ["a", -127, 140], ["b", -127, 40], ["a", 90, 40], ["a", 21, 40]);
    check(["a", -126, 40], ...well.slice(1));
    expect(brief(messages)).toEqual([
      ["firing", "a", "a: temp: -127 °C is below -40 °C: taken as missing"],
      ["firing", "b", "b: temp: -127 °C is below -40 °C: taken as missing"],
      ["firing", "a", "a: hum: 140 is above 100: taken as missing"],
      ["resolved", "a", "a: hum: values are plausible again; one was not, 140"],
    ]);
    expect(cells).toHaveLength(5);
    check(...well.slice(0, 1));
    expect(brief(messages.slice(4))).toEqual([
      ["resolved", "a", "a: temp: values are plausible again; 3 were not, -127 to 90"],
    ]);
    const [first, , second] = messages;
    expect(first).toMatchObject({
      detector: "iotmon",
      labels: { event: "implausible" },
      reading: { temp: -127 },
      started_at: "2026-01-01T00:00:01.000Z",
    });
    expect(messages[4]?.episode).toBe(first?.episode);
    expect(second?.episode).not.toBe(first?.episode);
  });

  it("keeps an episode open while values are missing", async () => {
    const { messages, check } = run(join(await tempFolder(), "implausible.json"));
    check(["a", -127, 40]);
    check(...Array.from({ length: 50 }, () => ["a", Number.NaN, 40] as const));
    expect(brief(messages)).toHaveLength(1);
  });

  it("resolves an episode of the last session under the same id", async () => {
    const file = join(await tempFolder(), "implausible.json");
    const first = run(file);
    first.check(["a", -127, 40]);
    const second = run(file);
    second.check(["a", -127, 40], ...well);
    expect(brief(second.messages)).toEqual([
      ["resolved", "a", "a: temp: values are plausible again; one was not, -127"],
    ]);
    expect(second.messages[0]?.episode).toBe(first.messages[0]?.episode);
    const third = run(file);
    third.check(...well);
    expect(third.messages).toEqual([]);
  });
});
