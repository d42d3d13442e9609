/**
 * Delivery to a local receiver in its own process: messages per second through the queue on disk, and the
 * cost of a receiver that never answers for a replay.
 *
 * Usage: `npm run bench:delivery -- [--messages 2000] [--rows 200000] [--rounds 3]`.
 *
 * @module
 */
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { parseArgs } from "node:util";
import { Agent, request } from "undici";
import { IotmonError } from "../src/core/errors.ts";
import { Outbox } from "../src/io/outbox/outbox.ts";
import { DEFAULT_RETRY } from "../src/io/outbox/sink-worker/retry-policy.ts";
import { webhook } from "../src/io/sinks/webhook/webhook.ts";
import { StateDirectory } from "../src/state/state-directory.ts";
import { setup as bundleDist } from "../test/support/bundle-dist.ts";
import { bodyOf } from "../test/support/messages.ts";
import { interleave, stopwatch } from "./interleave.ts";
import { median, medianRatio } from "./median.ts";
import { originPipeline } from "./origin-pipeline.ts";
import { writeRecording } from "./recording.ts";
import { printTable } from "./report.ts";
import { runNode } from "./run-node.ts";
import { spawnNode } from "./spawn-node.ts";
import { tempFolder } from "./temp-folder.ts";

/** Concurrent posts, on both sides. */
const PARALLEL = 4;

const RECEIVER = `
  import { createServer } from "node:http";
  const [answers] = process.argv.slice(1);
  const server = createServer((request, response) => {
    request.resume();
    if (answers === "yes") request.on("end", () => response.writeHead(204).end());
  });
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));`;

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "2000" },
    rows: { type: "string", default: "200000" },
    rounds: { type: "string", default: "3" },
  },
});
const [count, rows, rounds] = [values.messages, values.rows, values.rounds].map(Number) as [
  number,
  number,
  number,
];

/** A receiver in its own process. */
async function startReceiver(answers: "yes" | "never") {
  const args = ["--input-type=module", "--eval", RECEIVER, answers];
  const child = spawnNode(args, ["ignore", "pipe", "inherit"]);
  const [line] = (await once(child.stdout as Readable, "data")) as [Buffer];
  return { url: `http://127.0.0.1:${line.toString().trim()}/`, stop: () => child.kill() };
}

const bodies = Array.from({ length: count }, (_, i) =>
  bodyOf({ id: `m${i}`, episode: `e${i}`, sensor_id: `pump-${i % 100}` }),
);

/** An outbox with one webhook, in a new state directory. @returns It, and how to close both. */
async function openOutbox(url: string, folder: string, report: (line: string) => void) {
  const state = await StateDirectory.open(mkdtempSync(join(folder, "state-")), () => {});
  const secret = Buffer.alloc(24, 7).toString("base64");
  const settings = { name: "hook", url, headers: {}, secret: `whsec_${secret}` };
  const sink = await webhook.create(settings, {
    version: "bench",
    allowPrivate: true,
    now: Date.now,
    stream: process.stdout,
    painter: { severity: (_, text) => text, resolved: String, faint: String },
    filePath: (_, path) => path,
    readFile: async () => "",
    fault: (_, message) => new IotmonError("ERR_CONFIG", message),
  });
  const breaker = { failures: 5, openMs: 30_000, maxOpenMs: 300_000 };
  const hook = { sink, accepts: () => true, retry: DEFAULT_RETRY, breaker, timeoutMs: 15_000 };
  const outbox = await Outbox.open({
    state,
    sinks: [hook],
    report,
    parallel: PARALLEL,
  });
  const close = async (): Promise<void> => {
    await outbox.close();
    await state.close();
  };
  return { outbox, close };
}

/** Measures from the first enqueue until the receiver has all messages; each is synced to disk first. */
async function throughOutbox(url: string, folder: string): Promise<void> {
  const { outbox, close } = await openOutbox(url, folder, console.error);
  await Promise.all(bodies.map((body) => outbox.enqueue({ body, json: JSON.stringify(body) })));
  if (!(await outbox.drain(AbortSignal.timeout(600_000)))) throw new Error("not all delivered");
  await close();
}

/** CPU time of one message that a refusing receiver leaves in the queue, in us; 20 are written at once. */
async function refusedCpu(messages: number, folder: string): Promise<number> {
  const { outbox, close } = await openOutbox("http://127.0.0.1:9/", folder, () => {});
  const before = process.cpuUsage();
  for (let from = 0; from < messages; from += 20) {
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => {
        const [id, episode] = [`m${from + i}`, `e${from + i}`];
        const body = bodyOf({ id, episode, sensor_id: `pump-${i}` });
        return outbox.enqueue({ body, json: JSON.stringify(body) });
      }),
    );
  }
  const { user, system } = process.cpuUsage(before);
  await close();
  return (user + system) / messages;
}

/** Cost of a message in a long queue: the queue is full after about 8,000 messages. */
async function printRefused(folder: string): Promise<void> {
  await refusedCpu(1000, folder); // compiles
  const cpu: Record<"few" | "many", number[]> = { few: [], many: [] };
  for (let round = 0; round < rounds; round++) {
    cpu.few.push(await refusedCpu(1000, folder));
    cpu.many.push(await refusedCpu(20_000, folder));
  }
  const row = (name: string, each: "few" | "many"): readonly string[] => [
    name,
    median(cpu[each]).toFixed(0),
    medianRatio(cpu[each], cpu.few).toPrecision(3),
  ];
  printTable(
    "Messages to a receiver that refuses connections",
    ["messages", "us of CPU each", "x 1,000 messages"],
    [row("1,000", "few"), row("20,000: the queue is full", "many")],
  );
}

/** The same posts without a queue, a signature or a disk. */
async function bare(url: string): Promise<void> {
  const dispatcher = new Agent({ connections: PARALLEL });
  let next = 0;
  const post = async (): Promise<void> => {
    while (next < bodies.length) {
      const body = JSON.stringify(bodies[next++]);
      const headers = { "content-type": "application/json" };
      const answer = await request(url, { method: "POST", body, headers, dispatcher });
      await answer.body.dump();
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, post));
  await dispatcher.close();
}

async function printThroughput(folder: string): Promise<void> {
  const { url, stop } = await startReceiver("yes");
  const seconds = await interleave(rounds, {
    bare: () => stopwatch(() => bare(url)),
    outbox: () => stopwatch(() => throughOutbox(url, folder)),
  });
  stop();
  const row = (name: string, task: keyof typeof seconds): readonly string[] => [
    name,
    (count / median(seconds[task])).toFixed(0),
    medianRatio(seconds.bare, seconds[task]).toPrecision(3),
  ];
  printTable(
    `${count} messages to a local receiver, ${PARALLEL} posts at once`,
    ["way", "messages/s", "x bare posts"],
    [row("bare undici posts", "bare"), row("outbox: disk, order, signature", "outbox")],
  );
}

/** Replays with hundreds of alerts: without sending, and with failing receivers. */
async function printDeadReceiver(folder: string): Promise<void> {
  const recording = join(folder, "bench.csv");
  writeRecording(recording, rows);
  const { url, stop } = await startReceiver("never");
  const replay = async (
    name: string,
    target: string,
    ...more: readonly string[]
  ): Promise<number> => {
    const pipeline = join(folder, `${name}.json`);
    const alerts = { cooldown: "1m", resolve_after: 1 };
    const sinks = [{ type: "webhook", url: target }];
    writeFileSync(pipeline, JSON.stringify({ ...originPipeline, alerts, sinks }));
    const state = mkdtempSync(join(folder, "replay-"));
    const options = ["-q", "-p", pipeline, "--workers", "1"];
    const sending = more.length > 0 ? [...more, "--state", state] : [];
    const args = ["bin/iotmon.js", "replay", recording, ...options, ...sending];
    return (await runNode(args, [0, 69])).seconds;
  };
  const send = ["--send", "--send-wait", "0s"];
  const seconds = await interleave(rounds, {
    none: () => replay("none", url),
    refused: () => replay("refused", "http://127.0.0.1:9/", ...send),
    silent: () => replay("silent", url, ...send),
  });
  stop();
  const row = (name: string, task: keyof typeof seconds): readonly string[] => [
    name,
    median(seconds[task]).toFixed(2),
    medianRatio(seconds.none, seconds[task]).toPrecision(3),
  ];
  printTable(
    `Whole replays of ${rows.toLocaleString("en")} rows with very many alerts`,
    ["receiver", "s", "throughput x none"],
    [
      row("none: nothing is sent", "none"),
      row("refuses connections", "refused"),
      row("takes them and never answers", "silent"),
    ],
  );
}

bundleDist();
const folder = tempFolder();
await printThroughput(folder);
await printRefused(folder);
await printDeadReceiver(folder);
