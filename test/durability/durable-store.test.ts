import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { DurableStore } from "../../src/durability/durable-store.ts";
import type { Command } from "../../src/service/commands.ts";
import { StateMachine } from "../../src/service/state-machine.ts";
import { Random } from "../support/random.ts";
import { tempFolder } from "../support/temp-folder.ts";
import {
  answerOf,
  copyOf,
  everything,
  newestValues,
  open,
  plain,
  randomCommand,
} from "./support.ts";

const SEEDS = [1, 2, 3];

async function run(store: DurableStore, command: Command): Promise<unknown> {
  let result: unknown;
  try {
    result = await store.execute(withJson(command), ({ answer }) => plain(answer));
  } catch (error) {
    result = answerOf(() => {
      throw error;
    });
  }
  return result;
}

/** Half of the appends come with their rows as JSON. */
function withJson(command: Command): Command {
  if (command.kind !== "append" || command.rows.length % 2 === 0) return command;
  return { ...command, json: JSON.stringify({ rows: command.rows }) };
}

describe("a durable store", () => {
  it.each(SEEDS)("answers the same after each kill (seed %i)", async (seed) => {
    const random = new Random(seed);
    const machine = new StateMachine();
    let path = join(await tempFolder(), "state");
    let { store, said } = await open(path);
    let saving = Promise.resolve();
    for (let step = 0; step < 120; step++) {
      const command = randomCommand(random, step);
      const answer = await run(store, command);
      expect(answer, `${step}: ${command.kind}`).toEqual(
        answerOf(() => machine.execute(command).answer),
      );
      const roll = random.uniform();
      if (roll < 0.2) saving = store.checkpoint(); // while others change it
      if (roll < 0.96) continue;
      await saving;
      path = await copyOf(path);
      await store.close();
      ({ store, said } = await open(path));
      expect(everything(store.machine)).toEqual(everything(machine));
      expect(said).toEqual([]);
    }
    await store.close();
    const last = await open(path);
    expect(everything(last.store.machine)).toEqual(everything(machine));
    expect(last.store.recovered).toMatchObject({ recordsLost: 0, partsDamaged: 0 });
  });

  it.each(SEEDS)("starts on damaged files, and reports every loss (seed %i)", async (seed) => {
    const random = new Random(100 + seed);
    const machine = new StateMachine();
    const path = join(await tempFolder(), "state");
    const { store } = await open(path);
    for (let step = 0; step < 80; step++) {
      const command = randomCommand(random, step);
      await run(store, command);
      answerOf(() => machine.execute(command).answer);
      if (step % 25 === 24) await store.checkpoint();
    }
    const expected = everything(machine);
    for (const part of ["journal", "checkpoints", "journal", "checkpoints"]) {
      const copy = await copyOf(path);
      await damage(join(copy, part), random);
      const { store: again, said } = await open(copy);
      const found = everything(again.machine);
      if (said.length === 0) expect(found).toEqual(expected);
      const definition = { name: "new", schema: { x: "float" }, maxRows: 10 };
      await again.execute({ kind: "create_buffer", definition: definition, replace: false });
      await again.close();
      const twice = await open(copy);
      expect(twice.said).toEqual([]);
      expect(twice.store.machine.buffers().map(({ name }) => name)).toContain("new");
    }
  });
});

it("a durable store rebuilds damaged parts of the newest checkpoint from the one before", async () => {
  const random = new Random(5);
  const machine = new StateMachine();
  const path = join(await tempFolder(), "state");
  const { store } = await open(path);
  for (let step = 0; step < 90; step++) {
    const command = randomCommand(random, step);
    await run(store, command);
    answerOf(() => machine.execute(command).answer);
    if (step === 30 || step === 60) await store.checkpoint();
  }
  const expected = everything(machine);
  const { length } = await newestValues(path);
  expect(length).toBeGreaterThan(5);
  for (let i = 0; i < length; i += 7) {
    const copy = await copyOf(path);
    await (await newestValues(copy))[i]?.();
    const { store: again, said } = await open(copy);
    // asking links detectors to buffers, which the store would save
    const asked = StateMachine.restore(again.machine.save(), (loss) => expect.fail(loss));
    expect(everything(asked), `value ${i}`).toEqual(expected);
    expect(said.at(-1)).toContain("rebuilt from the one before");
    expect(again.recovered).toMatchObject({ recordsLost: 0, partsDamaged: 1 });
    await again.close();
    // what was damaged has been saved anew
    const twice = await open(copy);
    expect([twice.said, everything(twice.store.machine)]).toEqual([[], expected]);
  }
});

/** Flips a byte of one file of a folder. */
async function damage(folder: string, random: Random): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /\.seg$/.test(name));
  const file = join(folder, names[Math.floor(names.length * random.uniform())] ?? "");
  const bytes = await readFile(file);
  if (bytes.length === 0) return;
  const at = Math.floor(bytes.length * random.uniform());
  bytes[at] = (bytes[at] as number) ^ 0x55;
  await writeFile(file, bytes);
}

it("a durable store saves no checkpoint before listeners have stored their effects", async () => {
  const path = join(await tempFolder(), "state");
  const random = new Random(2);
  const commands = Array.from({ length: 20 }, (_, step) => randomCommand(random, step));
  let isSafe = false;
  const { store, said } = await open(path, {
    beforeCheckpoint: async () => {
      if (!isSafe) throw new Error("the queue is full");
    },
  });
  for (const command of commands) await run(store, command);
  const { recordsAfterCheckpoint } = store.state;
  expect(recordsAfterCheckpoint).toBeGreaterThan(5);
  await store.checkpoint();
  expect(said).toEqual([expect.stringContaining("the queue is full")]);
  expect(store.state).toMatchObject({ recordsAfterCheckpoint });
  isSafe = true;
  await store.checkpoint();
  expect(store.state).toMatchObject({ recordsAfterCheckpoint: 0 });
});
