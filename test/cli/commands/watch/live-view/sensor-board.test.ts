import { describe, expect, it } from "vitest";
import { SensorBoard } from "../../../../../src/cli/commands/watch/live-view/sensor-board.ts";
import { AlertDelivery } from "../../../../../src/io/outbox/alert-delivery.ts";
import { StateMachine } from "../../../../../src/service/state-machine.ts";
import { LiveTicks } from "../../../../../src/service/ticks/live-ticks.ts";
import { WatchEvents } from "../../../../../src/watch/watch-events.ts";
import { putRoom, roomDocument, roomRows } from "../../../../support/live-pipeline.ts";
import { append, forgetfulExecutor } from "../../../../support/machine-commands.ts";

const NOW = { arrivalMs: Date.UTC(2026, 0, 1), strict: false };

/** A pipeline whose board receives all events. */
function watched(machine = new StateMachine()) {
  const board = new SensorBoard();
  const listener = {
    rows: board.rows.bind(board),
    due: board.due.bind(board),
  };
  machine.listen(new WatchEvents([listener], new AlertDelivery(expect.fail)));
  const first = () => board.lines()[0];
  return { machine, board, first };
}

const of = (sensor: string, rows: Record<string, unknown>[]) =>
  rows.map((row) => ({ ...row, sensor_id: sensor }));

describe("SensorBoard", () => {
  it("shows a sensor that is warming up, then one that is ok, with its newest values", () => {
    const { machine, first } = watched();
    putRoom(machine);
    append(machine, "room", roomRows(40), NOW);
    expect(first()).toMatchObject({ name: "s1", score: 0 });
    expect(first()?.state).toMatchObject({ kind: "warming", seen: 40, wanted: 60 });
    append(machine, "room", roomRows(60, 40), NOW);
    expect(first()?.state).toEqual({ kind: "ok" });
    expect(first()?.values.map(({ name }) => name)).toEqual(["temperature", "humidity"]);
    expect(first()?.bars).toHaveLength(60);
  });

  it("keeps the last value of a column that is missing now, and shows units", () => {
    const { machine, first } = watched();
    const document = roomDocument();
    const columns = { temperature: { unit: "°C" } };
    putRoom(machine, { ...document, buffer: { ...document.buffer, columns } });
    const [row] = roomRows(1, 0, 21);
    append(machine, "room", [{ ...row, humidity: 50 }], NOW);
    append(machine, "room", [{ ...roomRows(1, 1, 22)[0], humidity: null }], NOW);
    expect(first()?.values).toEqual([
      { name: "temperature", value: 22, unit: "°C" },
      { name: "humidity", value: 50, unit: "" },
    ]);
  });

  it("sorts by state, then by newest alarm, then by appearance", () => {
    const { machine, board } = watched();
    putRoom(machine);
    append(machine, "room", of("a", roomRows(5)), NOW);
    append(machine, "room", of("b", roomRows(5)), NOW);
    append(machine, "room", of("c", roomRows(1, 5, 50)), NOW);
    append(machine, "room", of("c", roomRows(5, 6, 20)), NOW);
    append(machine, "room", of("d", roomRows(1, 12, 50)), NOW);
    expect(board.lines().map(({ name, state, today }) => [name, state.kind, today])).toEqual([
      ["d", "alarm", 1],
      ["c", "warming", 1],
      ["a", "warming", 0],
      ["b", "warming", 0],
    ]);
  });

  it("shows a silent sensor until its next reading", async () => {
    const { machine, first } = watched();
    putRoom(machine);
    let now = 5000;
    const ticks = new LiveTicks(machine, forgetfulExecutor(machine), () => now);
    append(machine, "room", roomRows(5), NOW);
    await ticks.tick();
    now += 91_000;
    await ticks.tick();
    expect(first()).toMatchObject({ state: { kind: "silent" }, today: 1 });
    append(machine, "room", roomRows(5, 100), NOW);
    expect(first()?.state.kind).toBe("warming");
  });

  it("shows readings and alarms from before a restart", () => {
    const before = watched();
    putRoom(before.machine);
    append(before.machine, "room", roomRows(100), NOW);
    append(before.machine, "room", roomRows(1, 100, 50), NOW);
    expect(before.first()).toMatchObject({ today: 2 });
    const restored = StateMachine.restore(before.machine.save(), (message) => expect.fail(message));
    const after = watched(restored);
    after.board.show(restored.pipeline("room"));
    expect(after.board.newestAt).toBe(before.board.newestAt);
    expect(after.board.lines()).toEqual(before.board.lines());
    for (const { machine } of [before, after]) {
      append(machine, "room", roomRows(10, 101, 22), NOW);
      append(machine, "room", roomRows(1, 4000, 50), NOW);
    }
    expect(after.first()).toMatchObject({ today: before.first()?.today });
    expect(after.first()?.alarmAt).toBe(before.first()?.alarmAt);
  });
});
