import { describe, expect, it } from "vitest";
import {
  type ExecutedCall,
  RepeatableCalls,
} from "../../../src/service/live-pipeline/repeatable-calls.ts";
import { StateMachine } from "../../../src/service/state-machine.ts";
import { createBuffer } from "../../support/machine-commands.ts";

const DAY = 24 * 3_600_000;
const call = (key: string, at: number): ExecutedCall => ({
  ...{ key, at, digest: "d", rowsAppended: 1, rowsRejected: 0, rowsEvicted: 0 },
  ...{ warningCount: 0, alerts: 0 },
});

describe("calls that may come again", () => {
  it("are known for 24 hours", () => {
    const calls = new RepeatableCalls();
    calls.add(call("a", 1000));
    expect(calls.find("a", 1000 + DAY - 1)).toMatchObject({ key: "a" });
    expect(calls.find("a", 1000 + DAY)).toBeUndefined();
    expect(calls.find("b", 1000)).toBeUndefined();
  });

  it("are at most 100,000, of which the oldest go first", () => {
    const calls = new RepeatableCalls();
    for (let i = 0; i < 101_000; i++) calls.add(call(`k${i}`, i));
    expect(calls.find("k0", 101_000)).toBeUndefined();
    expect(calls.find("k999", 101_000)).toBeUndefined();
    expect(calls.find("k1000", 101_000)).toBeDefined();
    expect(calls.find("k100999", 101_000)).toBeDefined();
  });

  it("may use a key again after it has expired, and its old block does not take it along", () => {
    const calls = new RepeatableCalls();
    calls.add(call("a", 0));
    for (let i = 1; i < 1000; i++) calls.add(call(`k${i}`, 10));
    calls.add(call("a", DAY + 5));
    expect(calls.find("a", DAY + 20)).toMatchObject({ at: DAY + 5 });
  });

  it("survive saving and restoring, in blocks that do not change once they are full", () => {
    const machine = new StateMachine();
    createBuffer(machine, { name: "b", schema: { t: "float" }, maxRows: 10 });
    const send = (key: string) =>
      machine.execute({
        ...({ kind: "append", name: "b", rows: [{ t: 1 }], arrivalMs: 5, strict: false } as const),
        once: { key, digest: "d" },
      }).answer;
    for (let i = 0; i < 1500; i++) send(`k${i}`);
    const parts = machine.save().filter(({ name }) => name.includes("/calls/"));
    expect(parts.map(({ version }) => version)).toEqual([1000, 500]);
    const restored = StateMachine.restore(machine.save(), (loss) => expect.fail(loss));
    for (const key of ["k0", "k999", "k1000", "k1499"]) {
      const { answer, changed } = restored.execute({
        ...({ kind: "append", name: "b", rows: [{ t: 1 }], arrivalMs: 9, strict: false } as const),
        once: { key, digest: "d" },
      });
      expect([changed, answer.repeated, answer.rowsAppended]).toEqual([false, { alerts: 0 }, 1]);
    }
  });
});
