import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { listDeadLetters } from "../../../src/io/outbox/dead-letters.ts";
import { Random } from "../../support/random.ts";
import { runScript } from "../../support/run-script.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const KILLS = 8;
const EPISODES = 7;

/** Enqueues messages one by one and prints which are stored; a receiver logs what it gets. */
const SENDER = `
import { appendFileSync } from "node:fs";
import { Outbox } from "@/io/outbox/outbox.ts";
import { StateDirectory } from "@/state/state-directory.ts";
const [path, got, from, count] = process.argv.slice(2);
const damages = [];
const state = await StateDirectory.open(path, (damage) => console.log("damage " + damage.message));
const deliver = async ({ body }) => {
  await new Promise((resolve) => setTimeout(resolve, 3 * Math.random()));
  if (Math.random() < 0.5) return { kind: "retry", reason: "busy" };
  appendFileSync(got, body.id + "\\n");
  return { kind: "delivered" };
};
const sink = { name: "hook", deliver, close: async () => {} };
const retry = { scheduleMs: [0, 5], maxAgeMs: 1e9 };
const breaker = { failures: Infinity, openMs: 0, maxOpenMs: 0 };
const outbox = await Outbox.open({
  state,
  sinks: [{ sink, accepts: () => true, retry, breaker, timeoutMs: 1000 }],
  report: (line, change) => change === undefined && console.log("said " + line),
});
for (let i = Number(from); i < Number(from) + Number(count); i++) {
  const body = { id: String(i), episode: String(i % ${EPISODES}), severity: "info" };
  outbox.enqueue({ body, json: JSON.stringify(body) }).then(() => console.log("safe " + i));
  if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
}
console.log("drained " + (await outbox.drain(new AbortController().signal)));
await outbox.close();
await state.close();
`;

it("Outbox loses no stored message and keeps the order of episodes when it is killed", async () => {
  const folder = await tempFolder();
  const [path, got] = [join(folder, "state"), join(folder, "got")];
  const random = new Random(7);
  const safe = new Set<string>();
  for (let run = 0; run <= KILLS; run++) {
    const isLast = run === KILLS;
    const args = [path, got, `${run * 1000}`, isLast ? "0" : "1000"];
    const { child, line, ended } = await runScript(SENDER, { args });
    const patience = Math.floor(random.uniform() * 400);
    for (let lines = 0; isLast || lines < patience; lines++) {
      const text = await line();
      if (text.startsWith("safe ")) safe.add(text.slice(5));
      else expect(text).toBe("drained true"); // nothing is damaged by a kill
      if (text.startsWith("drained")) break;
    }
    if (!isLast) child.kill("SIGKILL");
    await ended;
  }
  const received = (await readFile(got, "utf8")).trimEnd().split("\n");
  const firsts = [...new Set(received)];
  expect([...safe].filter((id) => !firsts.includes(id))).toEqual([]);
  for (let e = 0; e < EPISODES; e++) {
    const own = firsts.map(Number).filter((id) => id % EPISODES === e);
    expect(own).toEqual([...own].sort((a, b) => a - b));
  }
  expect((await listDeadLetters(path, () => {})).letters).toEqual([]);
  expect(safe.size).toBeGreaterThan(500);
});
