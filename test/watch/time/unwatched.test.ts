import { join } from "node:path";
import { expect, it } from "vitest";
import { runScript } from "../../support/run-script.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const START = Date.UTC(2026, 0, 1);
/** Most rows of one command. */
const MAX_ROWS = 2048;

/** Runs a session and prints its messages. With `dies`, it kills itself as soon as the unwatched time is stored. */
const WATCH = `
import { parsePipeline } from "@/config/parse.ts";
import { AlertDelivery } from "@/io/outbox/alert-delivery.ts";
import { StdinSource } from "@/io/sources/live/stdin-source.ts";
import { DurableStore } from "@/durability/durable-store.ts";
import { ClockEvents } from "@/service/events/clock-events.ts";
import { OpenEvents } from "@/state/open-events.ts";
import { WatchEvents } from "@/watch/watch-events.ts";
import { WatchSession } from "@/watch/watch-session.ts";
const [path, dies] = process.argv.slice(2);
const print = (alerts) => {
  for (const { body: { status, sensor_id, timestamp } } of alerts) console.log(status, sensor_id, timestamp);
};
const events = new WatchEvents([{ rows: (_, __, alerts) => print(alerts), due: (_, alerts) => print(alerts) }], new AlertDelivery(console.log));
const store = await DurableStore.open(path, { durability: "interval", report: () => {} });
store.machine.listen(events);
const commands = {
  async execute(command, read) {
    const answer = await store.execute(command, read);
    if (dies === "dies" && command.kind === "pause") process.kill(process.pid, "SIGKILL");
    return answer;
  },
};
const pipeline = "{ version: 1, buffer: { key: sensor }, detectors: [ { name: quiet, algorithm: silent, after: 60s } ] }";
const loaded = parsePipeline(pipeline, "plant.yaml", {});
const open = (name) => new OpenEvents(path + "/" + name, console.log);
await new WatchSession({
  machine: store.machine, commands, events, name: "plant", file: loaded,
  sources: [{ source: new StdinSource(process.stdin), options: { format: "auto", decode: { rename: {} }, set: {} } }],
  history: null, strict: false, limit: Infinity, openDowns: open("down.json"), openImplausible: open("implausible.json"), openRejected: open("rejected.json"),
  clockEvents: new ClockEvents(events, open("ahead.json")), clocks: { wall: () => ${START + 3_600_000}, steady: () => 0 },
}).run(new AbortController().signal);
await store.close();
console.log("ended");
`;

/** Lines of readings, given as sensor and seconds since the start. */
function linesOf(...readings: readonly (readonly [sensor: string, second: number])[]): string {
  return readings
    .map(([sensor, second]) => {
      const timestamp = new Date(START + 1000 * second).toISOString();
      return `${JSON.stringify({ timestamp, sensor, temperature: 21 })}\n`;
    })
    .join("");
}

/** The messages of consecutive sessions that share a state directory. */
async function watch(...runs: readonly { lines: string; dies?: true }[]): Promise<string[]> {
  const state = join(await tempFolder(), "state");
  const messages: string[] = [];
  for (const { lines, dies } of runs) {
    const script = await runScript(WATCH, { args: [state, dies ? "dies" : "ends"] });
    script.child.stdin?.end(lines);
    if (dies) {
      await script.ended;
      expect(script.child.signalCode).toBe("SIGKILL");
      continue;
    }
    for (let line = await script.line(); line !== "ended"; line = await script.line()) {
      messages.push(line);
    }
    await script.ended;
  }
  return messages;
}

const first = { lines: linesOf(["a", 0], ["b", 5], ["c", 10]) };
/** Sensor c sends nothing. */
const third = {
  lines: linesOf(
    ["a", 110],
    ["b", 110],
    ["b", 110],
    ["a", 165],
    ["b", 165],
    ["a", 169],
    ["b", 171],
  ),
};
const messages = ["firing c 2026-01-01T00:02:50.000Z"];

it("unwatched time counts once when watch is killed before it appends the reading that revealed it", async () => {
  expect(await watch(first, third)).toEqual(messages);
  const killed = { lines: linesOf(["a", 60]), dies: true } as const;
  expect(await watch(first, killed, killed, third)).toEqual(messages);
});

it("no sensor is silent for unwatched time, although a reading from the middle of it arrives first", async () => {
  // the broker retained the last reading of b, which has stopped since
  const old = Array.from({ length: MAX_ROWS }, () => ["b", 5] as const);
  const current = linesOf(["a", 3000], ["c", 3000], ["a", 3050], ["c", 3050]);
  const lines = linesOf(["b", 1000], ...old) + current;
  expect(await watch(first, { lines })).toEqual(["firing b 2026-01-01T00:17:40.000Z"]);
});
