import { join } from "node:path";
import { expect, it } from "vitest";
import { OUTBOX_LOG, readDeliveryLog } from "../../../src/io/outbox/log/delivery-log.ts";
import { readSegmentFolder } from "../../../src/state/segment/segment-reader.ts";
import { runScript } from "../../support/run-script.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const MESSAGES = 20_000;
/** Messages whose CPU time counts at the start, and at the end, when the queue is full. */
const PART = 2000;

/** Enqueues messages of 1 kB for a sink that never takes one; prints which are stored, and its CPU time. */
const SENDER = `
import { Outbox } from "@/io/outbox/outbox.ts";
import { DEFAULT_BREAKER } from "@/io/outbox/sink-worker/circuit-breaker.ts";
import { DEFAULT_RETRY } from "@/io/outbox/sink-worker/retry-policy.ts";
import { StateDirectory } from "@/state/state-directory.ts";
const [path, kind] = process.argv.slice(2);
const state = await StateDirectory.open(path, (damage) => console.log("damage " + damage.message));
const sink = { name: "hook", deliver: async () => ({ kind, reason: "no" }), close: async () => {} };
const outbox = await Outbox.open({
  state,
  sinks: [{ sink, accepts: () => true, retry: DEFAULT_RETRY, breaker: DEFAULT_BREAKER, timeoutMs: 1000 }],
  report: (line) => console.log("said " + line),
});
const padding = "x".repeat(900);
let before = process.cpuUsage();
for (let from = 0; from < ${MESSAGES}; from += 20) {
  const batch = Array.from({ length: 20 }, (_, i) => {
    const body = { id: String(from + i), episode: String(from + i), severity: "info", padding };
    return outbox.enqueue({ body, json: JSON.stringify(body) });
  });
  await Promise.all(batch);
  console.log("safe " + (from + 20));
  if ((from + 20) % ${PART} > 0) continue;
  const { user, system } = process.cpuUsage(before);
  before = process.cpuUsage();
  console.log("cpu " + (user + system));
}
`;

for (const kind of ["retry", "rejected"]) {
  it(`Outbox accounts for every one of 20,000 messages that a sink answers with ${kind}, after kill -9 too`, async () => {
    const path = join(await tempFolder(), "state");
    const { child, line, ended } = await runScript(SENDER, { args: [path, kind] });
    const [said, cpu]: [string[], number[]] = [[], []];
    let safe = 0;
    while (cpu.length < MESSAGES / PART) {
      const [what = "", ...rest] = (await line()).split(" ");
      if (what === "safe") safe = Number(rest[0]);
      else if (what === "cpu") cpu.push(Number(rest[0]));
      else said.push(rest.join(" "));
    }
    child.kill("SIGKILL");
    await ended;
    expect(said.length).toBeGreaterThan(0);
    expect(said.length).toBeLessThanOrEqual(10);
    const log = readSegmentFolder(join(path, OUTBOX_LOG), ({ message }) => expect.fail(message));
    const state = await readDeliveryLog(log);
    const known = Array.from({ length: safe }, (_, i) => `${i}`);
    expect(known.filter((id) => !state.hasSeen(id, "hook"))).toEqual([]);
    const dropped = state.dropped.get("hook") ?? 0;
    expect(dropped).toBeGreaterThan(0);
    expect(state.pendingCount + state.dead.size + dropped).toBe(safe);
    // the first part includes the compiler; a cost that grows with the queue was 50 times that of the start
    expect(cpu.at(-1)).toBeLessThan(4 * (cpu[0] as number));
  });
}
