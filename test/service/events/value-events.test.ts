import { expect, it } from "vitest";
import type { OpsEvent } from "../../../src/io/messages/message-fields.ts";
import { ValueEvents } from "../../../src/service/events/value-events.ts";
import { StateMachine } from "../../../src/service/state-machine.ts";

const START = Date.UTC(2026, 0, 1);

it("a column without a value for ten readings fires, and the next value resolves", () => {
  const machine = new StateMachine();
  const events: OpsEvent[] = [];
  machine.listen(new ValueEvents({ ops: (event) => void events.push(event) }));
  const schema = { timestamp: "datetime", sensor_id: "str", t: "float", u: "float" } as const;
  machine.execute({
    kind: "create_buffer",
    definition: { name: "kiln", schema, maxRows: 100 },
    replace: false,
  });
  const values = [...new Array<number>(5).fill(21), ...new Array<null>(12).fill(null), 22];
  for (const [i, t] of values.entries()) {
    const timestamp = new Date(START + 1000 * i).toISOString();
    const rows = [{ timestamp, sensor_id: "a", t, u: i }];
    machine.execute({ kind: "append", name: "kiln", rows, arrivalMs: START, strict: false });
  }
  expect(events).toEqual([
    {
      ...{ pipeline: "kiln", event: "no_value", subject: "a", status: "firing" },
      ...{ severity: "warning", column: { name: "t", value: Number.NaN } },
      detail:
        "t: no usable value for 10 readings, since 2026-01-01T00:00:05.000Z: the cells are empty",
      ...{ atMs: START + 14_000, startedMs: START + 5000 },
    },
    {
      ...{ pipeline: "kiln", event: "no_value", subject: "a", status: "resolved" },
      ...{ severity: "warning", column: { name: "t", value: 22 } },
      detail: "t: values again, after 12 readings without one",
      ...{ atMs: START + 17_000, startedMs: START + 5000 },
    },
  ]);
});
