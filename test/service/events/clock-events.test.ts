import { expect, it } from "vitest";
import type { OpsEvent } from "../../../src/io/messages/message-fields.ts";
import type { OpenClocks } from "../../../src/io/sensor-clocks.ts";
import { ClockEvents } from "../../../src/service/events/clock-events.ts";
import { StateMachine } from "../../../src/service/state-machine.ts";

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const ARRIVAL = START + 400 * DAY;

/** Keeps open events for the next run, as a file does. */
class Stored implements OpenClocks {
  readonly all = new Map<string, { readonly subject: string; readonly sinceMs: number }>();
  set = (name: string, event: { subject: string; sinceMs: number }): void =>
    void this.all.set(name, event);
  delete = (name: string): void => void this.all.delete(name);
  save = (): void => {};
}

function start(stored = new Stored()) {
  const machine = new StateMachine();
  const events: OpsEvent[] = [];
  const rejected: number[] = [];
  const target = {
    ops: (event: OpsEvent) => void events.push(event),
    rejected: ({ row }: { readonly row: number }) => void rejected.push(row),
  };
  machine.listen(new ClockEvents(target, stored));
  const schema = { timestamp: "datetime", sensor_id: "str", t: "float" } as const;
  machine.execute({
    kind: "create_buffer",
    definition: { name: "kiln", schema, maxRows: 100 },
    replace: false,
  });
  const read = (sensor: string, ...seconds: readonly number[]): void => {
    const rows = seconds.map((second) => ({
      ...{ sensor_id: sensor, t: 1, timestamp: new Date(START + 1000 * second).toISOString() },
    }));
    machine.execute({ kind: "append", name: "kiln", rows, arrivalMs: ARRIVAL, strict: false });
  };
  const brief = () => events.map(({ event, subject, status }) => [event, subject, status]);
  return { read, events, rejected, brief };
}

const day = DAY / 1000;
const twelve = Array.from({ length: 12 }, (_, i) => 100 + i);

it("a reading that is rejected fires, and twelve believed ones resolve", () => {
  const { read, events, rejected, brief } = start();
  read("a", 1, 2, 3, 50 * day, 4);
  expect(rejected).toEqual([4]);
  expect(brief()).toEqual([["clock_ahead", "a", "firing"]]);
  expect(events[0]?.detail).toMatch(/ is 49d 23h ahead of .*, and the next reading of a is not/);
  read("a", ...twelve.slice(0, 10));
  expect(brief()).toHaveLength(1);
  read("a", ...twelve.slice(10));
  expect(brief().slice(1)).toEqual([["clock_ahead", "a", "resolved"]]);
  expect(events[1]?.detail).toBe("the times of its readings are no longer ahead; 1 was rejected");
});

it("a reading too far ahead of its arrival fires at the time of its arrival", () => {
  const { read, events } = start();
  read("a", 1, 500 * day);
  expect(events).toMatchObject([{ event: "clock_ahead", subject: "a", atMs: ARRIVAL }]);
});

it("a sensor that runs ahead of others fires, and resolves when its clock is set", () => {
  const { read, brief } = start();
  read("a", 1, 2, 3);
  read("b", 3, 4, 30 * day, 30 * day + 1);
  expect(brief()).toEqual([]); // perhaps all sensors were off
  read("a", 5);
  read("b", 30 * day + 2, 30 * day + 3);
  expect(brief()).toEqual([["clock_ahead", "b", "firing"]]);
  read("a", 6);
  read("b", 7, 8, 9);
  expect(brief().slice(1)).toEqual([
    ["clock_ahead", "b", "resolved"],
    ["clock_step", "b", "firing"],
  ]);
});

it("the next run resolves what the last one left open", () => {
  const stored = new Stored();
  start(stored).read("a", 1, 50 * day, 2);
  const { read, brief } = start(stored);
  read("a", ...twelve);
  expect(brief()).toEqual([["clock_ahead", "a", "resolved"]]);
  expect(stored.all.size).toBe(0);
});
