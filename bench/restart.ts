/**
 * The start of `iotmon serve` with many sensors with full windows: when the port opens, when the server is ready, and the
 * processor time of both; then the first reading of each sensor, a further one, and new sensors. Linux only.
 *
 * Usage: `npm run bench:restart -- [--sensors 10000] [--readings 250] [--new 2000] [--state DIR] [--program FILE]`.
 * `--state` keeps the filled state, and a later run starts from a copy of it. `--program` runs another build.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { DurableStore } from "../src/durability/durable-store.ts";
import { detectorBody } from "../src/http/schema/detectors.ts";
import { featuresBody } from "../src/http/schema/features.ts";
import { setup as bundleDist } from "../test/support/bundle-dist.ts";
import { Random } from "../test/support/random.ts";
import { atEnd } from "./at-end.ts";
import { originPipeline } from "./origin-pipeline.ts";
import { processorSeconds, residentBytes } from "./process-use.ts";
import { printTable } from "./report.ts";
import { tempFolder } from "./temp-folder.ts";

const POLL_MS = 5;
const ROWS_PER_CALL = 5000;
/** Time between two readings of a sensor, ms. */
const INTERVAL_MS = 10_000;

const { values: given } = parseArgs({
  options: {
    sensors: { type: "string", default: "10000" },
    readings: { type: "string", default: "250" },
    new: { type: "string", default: "2000" },
    state: { type: "string" },
    program: {
      type: "string",
      default: fileURLToPath(new URL("../bin/iotmon.js", import.meta.url)),
    },
  },
});
const [sensors, readings, added] = [given.sensors, given.readings, given.new].map(Number) as [
  number,
  number,
  number,
];

const BUFFER = {
  name: "bench",
  schema: originPipeline.buffer.schema,
  maxRows: 100_000,
  key: "sensor_id",
};
/** Its windows are full after 200 readings. */
const DETECTOR = {
  ...detectorBody.parse({ ...originPipeline.detectors[0], window: 200, calibration_window: 200 }),
  buffer: BUFFER.name,
};
/** Takes the new sensors, because a buffer has at most 10,000. Its detector has the default windows. */
const NEW_BUFFER = { ...BUFFER, name: "new" };
const NEW_DETECTOR = {
  ...detectorBody.parse({ ...originPipeline.detectors[0], name: "new" }),
  buffer: NEW_BUFFER.name,
};

/** Use of the processor and the memory at a moment. */
interface Use {
  /** Since the start, s. */
  readonly seconds: number;
  readonly cpu: number;
  readonly resident: number;
}

/** A server in a process of its own. */
class Server {
  readonly origin: string;
  readonly #child: ChildProcess;
  readonly #begun = performance.now();

  constructor(state: string, port: number) {
    this.origin = `http://127.0.0.1:${port}`;
    const args = [given.program, "serve", "-q", "--port", `${port}`, "--state", state];
    this.#child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
    atEnd(() => void this.#child.kill("SIGKILL"));
  }

  get use(): Use {
    const pid = this.#child.pid as number;
    const seconds = (performance.now() - this.#begun) / 1000;
    return { seconds, cpu: processorSeconds(pid), resident: residentBytes(pid) };
  }

  /** Waits for an answer that fits. @returns The use at this moment. */
  async until(path: string, fits: (status: number) => boolean): Promise<Use> {
    for (;;) {
      if (this.#child.exitCode !== null) throw new Error("iotmon serve has ended");
      const reply = await fetch(this.origin + path).catch(() => null);
      await reply?.arrayBuffer();
      if (reply !== null && fits(reply.status)) return this.use;
      await sleep(POLL_MS);
    }
  }

  /** @returns Processor time, s. */
  async append(buffer: string, body: string): Promise<number> {
    const before = this.use.cpu;
    const reply = await fetch(`${this.origin}/v1/ml/polars/buffers/${buffer}/append`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    const text = await reply.text();
    if (!reply.ok || !text.includes('"warnings":[]'))
      throw new Error(`${reply.status} ${text.slice(0, 500)}`);
    return this.use.cpu - before;
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await ended;
  }
}

const random = new Random(1);
const around = (level: number, noise: number): number =>
  Math.round(100 * (level + noise * random.normal())) / 100;

/** Rows with one reading of some sensors. */
function rowsOf(from: number, to: number, timeMs: number): Record<string, unknown>[] {
  const timestamp = new Date(timeMs).toISOString();
  return Array.from({ length: to - from }, (_, i) => ({
    timestamp,
    sensor_id: `sensor-${from + i}`,
    temperature: around(21, 0.5),
    humidity: around(45, 2),
    pressure: around(1013, 1),
  }));
}

/** A state directory with a checkpoint and no journal. */
async function fill(path: string): Promise<void> {
  const store = await DurableStore.open(path, {
    durability: "none",
    report: (_, message) => console.log(message),
    checkpoints: { maxRecoveryMs: 1e9, maxBytes: 1e12 },
  });
  const { features } = featuresBody.parse({ features: originPipeline.features });
  for (const [buffer, detector] of [
    [BUFFER, DETECTOR],
    [NEW_BUFFER, NEW_DETECTOR],
  ] as const) {
    await store.execute({ kind: "create_buffer", definition: buffer, replace: false });
    await store.execute({ kind: "define_features", name: buffer.name, features });
    await store.execute({ kind: "create_detector", definition: detector, replace: false });
  }
  const begin = Date.now() - readings * INTERVAL_MS;
  for (let i = 0; i < readings; i++) {
    const arrivalMs = begin + i * INTERVAL_MS;
    const rows = rowsOf(0, sensors, arrivalMs);
    await store.execute({ kind: "append", name: BUFFER.name, rows, arrivalMs, strict: true });
  }
  await store.checkpoint();
  await store.close();
}

/** Sends one reading of each sensor. @returns Processor time, s. */
async function feed(
  server: Server,
  buffer: string,
  count: number,
  timeMs: number,
): Promise<number> {
  let cpu = 0;
  for (let start = 0; start < count; start += ROWS_PER_CALL) {
    const rows = rowsOf(start, Math.min(count, start + ROWS_PER_CALL), timeMs);
    cpu += await server.append(buffer, JSON.stringify({ rows }));
  }
  return cpu;
}

/** The start of a server without state. */
async function emptyStart(): Promise<Use> {
  const server = new Server(tempFolder(), 24346);
  const use = await server.until("/readyz", (status) => status === 200);
  await server.stop();
  return use;
}

bundleDist();
const kept = given.state === undefined ? tempFolder() : resolve(given.state);
if (!existsSync(resolve(kept, "format")) && !existsSync(resolve(kept, "journal"))) await fill(kept);
const state = resolve(tempFolder(), "state");
cpSync(kept, state, { recursive: true });
const empty = await emptyStart();
const server = new Server(state, 24347);
const open = await server.until("/healthz", () => true);
const ready = await server.until("/readyz", (status) => status === 200);
const now = Date.now();
const cpuFirst = await feed(server, BUFFER.name, sensors, now);
const cpuFurther = await feed(server, BUFFER.name, sensors, now + INTERVAL_MS);
const warm = server.use;
const cpuNew = await feed(server, NEW_BUFFER.name, added, now + INTERVAL_MS);
await server.stop();
rmSync(state, { recursive: true });

const ms = (seconds: number, count: number): string => ((1000 * seconds) / count).toFixed(3);
const gb = (bytes: number): string => (bytes / 1e9).toFixed(2);
printTable(
  `${sensors} sensors with ${readings} readings each, 8 features, detector window 200`,
  ["figure", "time s", "CPU s", "CPU ms a sensor", "RSS GB"],
  [
    ["port open", open.seconds.toFixed(2), open.cpu.toFixed(2), "", gb(open.resident)],
    [
      "ready",
      ready.seconds.toFixed(2),
      ready.cpu.toFixed(2),
      ms(ready.cpu - empty.cpu, sensors),
      gb(ready.resident),
    ],
    ["first reading of each", "", cpuFirst.toFixed(2), ms(cpuFirst, sensors), ""],
    ["a further reading", "", cpuFurther.toFixed(2), ms(cpuFurther, sensors), gb(warm.resident)],
    [`${added} new sensors`, "", cpuNew.toFixed(2), ms(cpuNew, added), ""],
    ["start without state", empty.seconds.toFixed(2), empty.cpu.toFixed(2), "", gb(empty.resident)],
  ],
);
const perReading = cpuFurther / sensors;
console.log(
  `a restored sensor costs ${((ready.cpu - empty.cpu + cpuFirst) / sensors / perReading).toFixed(1)}, a new one ` +
    `${(cpuNew / added / perReading).toFixed(1)} times a further reading`,
);
