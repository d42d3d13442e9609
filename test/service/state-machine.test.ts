import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Command } from "../../src/service/commands.ts";
import type { SnapshotPart } from "../../src/service/snapshot/snapshot-parts.ts";
import { StateMachine } from "../../src/service/state-machine.ts";
import { lookAt, randomStep, rowsOf, take } from "../support/random-steps.ts";

/** Pieces as a store would hold them. */
class Store {
  readonly parts = new Map<string, SnapshotPart>();

  save(machine: StateMachine): { readonly changed: number; readonly removed: number } {
    const changed: SnapshotPart[] = [];
    const versions = new Map([...this.parts].map(([name, { version }]) => [name, version]));
    const saving = machine.saving(versions, (part) => changed.push(part));
    let step = saving.next();
    while (step.done !== true) step = saving.next();
    const removed = step.value;
    for (const name of removed) this.parts.delete(name);
    for (const part of changed) this.parts.set(part.name, part);
    return { changed: changed.length, removed: removed.length };
  }
}

const steps = fc.array(randomStep, { minLength: 5, maxLength: 60 });

describe("StateMachine", () => {
  it("gives the same answers after save and restore at any command", () => {
    fc.assert(
      fc.property(steps, fc.array(fc.nat(60), { maxLength: 4 }), (commands, places) => {
        const whole = new StateMachine();
        let torn = new StateMachine();
        const store = new Store();
        for (const [i, command] of commands.entries()) {
          if (places.includes(i)) {
            store.save(torn);
            const lost: string[] = [];
            torn = StateMachine.restore(store.parts.values(), (message) => lost.push(message));
            expect(lost).toEqual([]);
          }
          expect(take(torn, command)).toEqual(take(whole, command));
          expect(lookAt(torn)).toEqual(lookAt(whole));
        }
        expect(rowsOf(torn)).toEqual(rowsOf(whole));
      }),
      { numRuns: 60 },
    );
  });

  it("saves only changed parts, and starts without missing ones", () => {
    fc.assert(
      fc.property(steps, fc.nat(), (commands, seed) => {
        const machine = new StateMachine();
        for (const command of commands) take(machine, command);
        const store = new Store();
        store.save(machine);
        expect(store.save(machine)).toEqual({ changed: 0, removed: 0 });
        const names = [...store.parts.keys()];
        store.parts.delete(names[seed % names.length] ?? "");
        const restored = StateMachine.restore(store.parts.values(), () => {});
        for (const command of commands) take(restored, command);
        expect(restored.save().length).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });

  it("keeps everything else after a part that can't be used", () => {
    const machine = new StateMachine();
    for (const command of fc.sample(randomStep, { numRuns: 80, seed: 3 })) take(machine, command);
    const store = new Store();
    store.save(machine);
    const torn = [...store.parts.values()].find(({ name }) => name.endsWith("/tallies"));
    if (torn === undefined) throw new Error("no tallies");
    store.parts.set(torn.name, { ...torn, bytes: new Uint8Array(1) });
    const lost: string[] = [];
    const restored = StateMachine.restore(store.parts.values(), (message) => lost.push(message));
    expect(lost).toEqual([expect.stringContaining("the count of anomalies is damaged")]);
    store.save(restored);
    const again = StateMachine.restore(store.parts.values(), (message) => lost.push(message));
    expect(lost.length).toBe(1);
    expect(rowsOf(again)).toEqual(rowsOf(machine));
  });

  it("reaches the same state when its changing commands are replayed", () => {
    fc.assert(
      fc.property(steps, (commands) => {
        const first = new StateMachine();
        const journal: string[] = [];
        first.listen({ executed: (command) => journal.push(JSON.stringify(command)) });
        for (const command of commands) take(first, command);
        const second = new StateMachine();
        for (const line of journal) take(second, JSON.parse(line) as Command);
        expect(lookAt(second)).toEqual(lookAt(first));
        const probe = { kind: "follow", name: "d1", buffer: "one" } as const;
        expect(take(second, probe)).toEqual(take(first, probe));
      }),
      { numRuns: 60 },
    );
  });
});
