import { describe, expect, it } from "vitest";
import { StateMachine } from "../../../src/service/state-machine.ts";
import { LiveTicks } from "../../../src/service/ticks/live-ticks.ts";
import { putRoom, roomDocument, roomRows } from "../../support/live-pipeline.ts";
import { append, forgetfulExecutor } from "../../support/machine-commands.ts";

const NOW = { arrivalMs: Date.UTC(2026, 0, 1), strict: false };

/** A pipeline that minds silence of 90 s, and a clock that the test moves. */
function ticking(changes: Parameters<typeof roomDocument>[0] = {}) {
  const machine = new StateMachine();
  putRoom(machine, roomDocument(changes));
  let now = 5000;
  const ticks = new LiveTicks(machine, forgetfulExecutor(machine), () => now);
  const sent: string[] = [];
  machine.listen({
    due: (_, events) => sent.push(...events.map(({ status }) => status)),
    rows: (_, { output }) => sent.push(...output.events.map(({ status }) => status)),
  });
  const pass = async (ms: number): Promise<void> => {
    now += ms;
    await ticks.tick();
  };
  return { machine, ticks, sent, pass };
}

describe("deadlines of a live pipeline", () => {
  it("report silence after real time, however old the rows are", async () => {
    const { machine, sent, pass } = ticking();
    append(machine, "room", roomRows(5), NOW); // years ago or ahead: only what passes now counts
    await pass(89_000);
    expect(sent).toEqual([]);
    await pass(2000);
    expect(sent).toEqual(["firing"]);
    await pass(3_600_000);
    expect(sent).toEqual(["firing"]);
  });

  it("start again with each newer row, but not with an older one", async () => {
    const { machine, sent, pass } = ticking();
    append(machine, "room", roomRows(5), NOW);
    await pass(60_000);
    append(machine, "room", roomRows(1, 5), NOW);
    await pass(60_000);
    expect(sent).toEqual([]);
    append(machine, "room", roomRows(1), NOW); // late: time does not stand still for it
    await pass(31_000);
    expect(sent).toEqual(["firing"]);
  });

  it("report no sensor that sends while one with a clock five minutes ahead has stopped", async () => {
    const { machine, sent, pass } = ticking({ alerts: { cooldown: "0s" } });
    const [row] = roomRows(1);
    const send = (second: number, ...readings: readonly (readonly [string, number])[]): void => {
      const rows = readings.map(([sensor_id, time]) => ({
        ...{ ...row, sensor_id },
        timestamp: new Date(NOW.arrivalMs + 1000 * time).toISOString(),
      }));
      append(machine, "room", rows, { ...NOW, arrivalMs: NOW.arrivalMs + 1000 * second });
    };
    send(0, ["ahead", 300], ["right", 0]);
    for (let second = 30; second <= 390; second += 30) {
      for (let i = 0; i < 30; i++) await pass(1000);
      send(second, ["right", second]);
      expect(sent, `${second} s`).toEqual([]);
    }
    await pass(1000);
    expect(sent).toEqual(["firing"]); // `ahead`, 90 s after its time
  });

  it("let rows pass that wait to be sorted, and then see silence", async () => {
    const { machine, sent, pass } = ticking({
      source: { type: "http", time: { lateness: "20s" } },
    });
    const { pipeline } = machine.pipeline("room");
    append(machine, "room", roomRows(5), NOW);
    expect(pipeline.buffer.appended).toBe(0);
    await pass(17_000);
    expect(pipeline.buffer.appended).toBe(2);
    await pass(4000);
    expect(pipeline.buffer.appended).toBe(5);
    await pass(88_000);
    expect(sent).toEqual([]); // 109 s after the last row, 89 s after it passed
    await pass(3000);
    expect(sent).toEqual(["firing"]);
  });

  it("let the first row after quiet days pass at once", async () => {
    const { machine, pass } = ticking({
      detectors: [{ name: "hot", algorithm: "threshold", when: "temperature > 40" }],
    });
    const { pipeline } = machine.pipeline("room");
    append(machine, "room", roomRows(5), NOW);
    for (let hour = 0; hour < 72; hour++) await pass(3_600_000);
    const [row] = roomRows(1);
    const timestamp = new Date(pipeline.watermark + 72 * 3_600_000).toISOString();
    const arrivalMs = NOW.arrivalMs + 72 * 3_600_000;
    append(machine, "room", [{ ...row, timestamp }], { ...NOW, arrivalMs });
    expect(pipeline.buffer.appended).toBe(6);
  });

  it("do not exist before the first row", async () => {
    const { sent, pass } = ticking();
    await pass(1e9);
    expect(sent).toEqual([]);
  });

  it("do not count the time when the program was stopped", async () => {
    const { machine } = ticking();
    append(machine, "room", roomRows(5), NOW);
    const restored = StateMachine.restore(machine.save(), (message) => expect.fail(message));
    let now = 1e9;
    const ticks = new LiveTicks(restored, forgetfulExecutor(restored), () => now);
    const sent: unknown[] = [];
    restored.listen({ due: (_, events) => sent.push(...events) });
    now += 89_000;
    await ticks.tick();
    expect(sent).toEqual([]);
    now += 2000;
    await ticks.tick();
    expect(sent).toHaveLength(1);
  });
});
