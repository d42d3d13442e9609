import { appendFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { KILN, lines, readings, SINKS } from "./definitions.ts";
import { withoutModels } from "./model-free.ts";
import { Program, run } from "./program.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

/** What an older version leaves on the disk, and how a later version goes on with it. */
export interface Scenario {
  /** Runs the older version in an empty folder. What is in the folder then is the fixture. */
  make(binary: string, folder: string): Promise<void>;
  /**
   * Goes on in a copy of that folder.
   *
   * @param expected What the older version returned here; null when it is the one that runs.
   * @returns Everything that must not depend on the version.
   */
  resume(binary: string, folder: string, expected: Outcome | null): Promise<Outcome>;
}

/** What a run gave, by a name for each part. */
type Outcome = Readonly<Record<string, unknown>>;

/** An older version has sent everything when nothing has come for this time: longer than a circuit breaker waits. */
const LULL_MS = 40_000;

const NOWHERE = { HOOK_URL: "http://127.0.0.1:1/hook", PICKY_URL: "http://127.0.0.1:1/picky" };
const ALL = ["--all", "--format", "jsonl"];
const jsonLines = (text: string): unknown[] =>
  text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));

/** Scores and messages of a run: batches decide how the two are interleaved. */
function split(stdout: string): Outcome {
  const scores = jsonLines(stdout).filter(
    (line) => "raw_score" in (line as object) && "row" in (line as object),
  );
  return { scores, alerts: jsonLines(stdout).filter((line) => !scores.includes(line)) };
}

/** Scenarios by name. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "serve-stopped": {
    make: async (binary, folder) => {
      const server = await Server.start(binary, folder);
      await server.setUp();
      await server.feed(0, 200);
      await server.program.stop("SIGTERM");
    },
    resume: goOnServing,
  },
  "serve-killed": {
    make: async (binary, folder) => {
      const first = await Server.start(binary, folder);
      await first.setUp();
      await first.feed(0, 150);
      await first.program.stop("SIGTERM"); // leaves a checkpoint
      const second = await Server.start(binary, folder);
      await second.feed(150, 200); // is in the write-ahead log only
      await second.ask("POST", "/v1/ml/polars/buffers", { ...BUFFER, name: "late" });
      await second.program.stop("SIGKILL");
    },
    resume: goOnServing,
  },
  "watch-stopped": {
    make: async (binary, folder) => {
      await makeKiln(folder);
      await watchTo(binary, folder, 250, "SIGTERM");
    },
    resume: goOnWatching,
  },
  "watch-killed": {
    make: async (binary, folder) => {
      await makeKiln(folder);
      await watchTo(binary, folder, 250, "SIGTERM"); // leaves a checkpoint
      await appendFile(join(folder, "kiln.log"), lines(250, 333));
      await watchTo(binary, folder, 333, "SIGKILL"); // leaves records in the write-ahead log
    },
    resume: goOnWatching,
  },
  "watch-inferred": {
    make: async (binary, folder) => {
      const args = ["watch", "-", "--state", "state", ...ALL];
      await run(binary, args, folder, { input: lines(0, 500) });
    },
    resume: async (binary, folder) => {
      const args = ["watch", "-", "--state", "state", ...ALL];
      return split(await run(binary, args, folder, { input: lines(500, 600) }));
    },
  },
  "replay-saved": {
    make: async (binary, folder) => {
      await writeFile(join(folder, "kiln.yaml"), KILN);
      await writeFile(join(folder, "history.jsonl"), lines(0, 300));
      const args = ["replay", "history.jsonl", "-p", "kiln.yaml", "--save-state", "state"];
      await run(binary, args, folder);
    },
    resume: async (binary, folder) => {
      const args = ["watch", "-", "-p", "kiln.yaml", "--state", "state", ...ALL];
      return split(await run(binary, args, folder, { input: lines(300, 400) }));
    },
  },
  recording: {
    make: record,
    resume: async (binary, folder) => {
      const names = (await readdir(folder)).filter((name) => name.includes(".jsonl"));
      const replayed = await Promise.all(
        names.sort().map(async (name) => {
          const scores = `scores-${name}.jsonl`;
          const args = ["replay", name, "--format", "jsonl", "--scores", scores];
          const alerts = jsonLines(await run(binary, args, folder));
          return [
            name,
            { alerts, scores: jsonLines(await readFile(join(folder, scores), "utf8")) },
          ];
        }),
      );
      return Object.fromEntries(replayed);
    },
  },
};

async function makeKiln(folder: string): Promise<void> {
  await writeFile(join(folder, "kiln.yaml"), KILN + SINKS);
  await writeFile(join(folder, "kiln.log"), lines(0, 250));
}

/** A state directory knows followed files by their absolute path: one that is the same in every folder. Linux only. */
const FOLLOWED = "/proc/self/cwd/kiln.log";

const WATCH = ["watch", FOLLOWED, "-p", "kiln.yaml", "--state", "state", ...ALL];

/** Watches until the last of `rows` is scored. One sink answers 503, the other one 400. */
async function watchTo(
  binary: string,
  folder: string,
  rows: number,
  signal: NodeJS.Signals,
): Promise<void> {
  const receiver = await startReceiver((path) => (path === "/hook" ? 503 : 400));
  const env = { HOOK_URL: `${receiver.url}/hook`, PICKY_URL: `${receiver.url}/picky` };
  const watch = new Program(binary, WATCH, folder, { env });
  await watch.until(() => watch.stdout.includes(`"row":${rows},`));
  await watch.until(() => receiver.bodies("/picky").length > 0);
  await sleep(500); // until the queue has noted the rejected messages
  await watch.stop(signal);
  receiver.close();
}

async function goOnWatching(
  binary: string,
  folder: string,
  expected: Outcome | null,
): Promise<Outcome> {
  const list = ["dead-letters", "list", "--state", "state", "--format", "json"];
  const letters = JSON.parse(await run(binary, list, folder)) as unknown[];
  await run(binary, ["dead-letters", "redrive", "--state", "state", "--all"], folder);
  const receiver = await startReceiver(() => 204);
  const env = { HOOK_URL: `${receiver.url}/hook`, PICKY_URL: `${receiver.url}/picky` };
  await appendFile(join(folder, "kiln.log"), lines(333, 433));
  const last = (await readFile(join(folder, "kiln.log"), "utf8")).split("\n").length - 1;
  const watch = new Program(binary, WATCH, folder, { env });
  await watch.until(() => watch.stdout.includes(`"row":${last},`));
  if (expected !== null) expectAnew(watch);
  const output = split(watch.stdout); // what comes later depends on how much time passes
  await untilDelivered(watch, receiver, expected);
  await watch.stop("SIGTERM");
  receiver.close();
  return { letters, ...output, ...deliveries(receiver) };
}

/** @throws {Error} If the program does not say that its models begin anew. */
function expectAnew({ stderr }: Program): void {
  if (!/it learns anew from the \d+ rows that are stored/.test(stderr)) {
    throw new Error(`It does not say that models learn anew: ${stderr}`);
  }
}

const deliveries = (receiver: Receiver): Outcome => ({
  hook: receiver.bodies("/hook"),
  picky: receiver.bodies("/picky"),
});

/** Waits until everything that the older version delivered has come. */
async function untilDelivered(
  program: Program,
  receiver: Receiver,
  expected: Outcome | null,
): Promise<void> {
  const count = (outcome: Outcome): number =>
    JSON.stringify(withoutModels(outcome)).split('"episode"').length;
  if (expected !== null) {
    const { hook, picky } = expected;
    return program.until(() => count(deliveries(receiver)) >= count({ hook, picky }));
  }
  for (let before = -1; count(deliveries(receiver)) !== before; await sleep(LULL_MS)) {
    before = count(deliveries(receiver));
  }
}

const BUFFER = {
  name: "sensor_metrics",
  schema: { timestamp: "datetime", sensor_id: "str", temperature: "float", humidity: "float" },
  max_rows: 120,
};
const FEATURES = [
  { name: "temp_mean_10", column: "temperature", function: "mean", window: 10 },
  { name: "temp_std_50", column: "temperature", function: "std", window: 50 },
  { name: "humidity_max_30s", column: "humidity", function: "max", window: "30s" },
];
const DETECTOR = {
  name: "sensor_anomaly",
  algorithm: "ecod",
  features: FEATURES.map(({ name }) => name),
  contamination: 0.05,
  warmup_period: 60,
};
const BUFFERS = "/v1/ml/polars/buffers";
const DETECTORS = "/v1/ml/anomaly/streaming";
const PIPELINES = "/v1/ml/pipelines";

/** Fields that later versions added to replies, with their values in these scenarios, as JSON. */
const ADDED: ReadonlyMap<string, string> = new Map([
  ["variant", `"${DETECTOR.name}"`],
  ["variants", "[]"],
  ["next_after", "null"],
]);

/** Leaves added fields out of a reply; with another value they stay, and differ from what was expected. */
function withoutAdded(field: string, value: unknown): unknown {
  return ADDED.get(field) === JSON.stringify(value) ? undefined : value;
}

/** A running `iotmon serve` with a pipeline from a file and, after {@link setUp}, others over HTTP. */
class Server {
  readonly program: Program;
  readonly #port: string;

  private constructor(program: Program, port: string) {
    this.program = program;
    this.#port = port;
  }

  static async start(
    binary: string,
    folder: string,
    env: Readonly<Record<string, string>> = NOWHERE,
  ): Promise<Server> {
    await writeFile(join(folder, "kiln.yaml"), KILN + SINKS);
    const args = ["serve", "--port", "0", "--state", "state", "-p", "kiln.yaml"];
    const program = new Program(binary, args, folder, { env });
    const listens = /docs at http:\/\/localhost:(\d+)\/docs\n/;
    await program.until(() => listens.test(program.stderr));
    return new Server(program, listens.exec(program.stderr)?.[1] ?? "");
  }

  /** @throws {Error} When the answer is none of 2xx. */
  async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const reply = await fetch(`http://127.0.0.1:${this.#port}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
    return JSON.parse(text, withoutAdded);
  }

  /** Creates a buffer, features, a detector and a pipeline without sinks over HTTP. */
  async setUp(): Promise<void> {
    const { name } = BUFFER;
    await this.ask("POST", BUFFERS, BUFFER);
    await this.ask("POST", `${BUFFERS}/${name}/features`, { features: FEATURES });
    await this.ask("POST", DETECTORS, DETECTOR);
    await this.ask("PUT", `${PIPELINES}/oven`, { ...(parse(KILN) as object), name: "oven" });
  }

  /** Sends readings everywhere, and scores values that are no row's. @returns All answers. */
  async feed(from: number, to: number): Promise<unknown[]> {
    const answers: unknown[] = [];
    for (let i = from; i < to; i += 25) {
      const rows = readings(i, Math.min(i + 25, to));
      answers.push(
        await this.ask("POST", `${BUFFERS}/${BUFFER.name}/append`, { rows }),
        await this.ask("POST", `${PIPELINES}/kiln/readings`, { rows }),
        await this.ask("POST", `${PIPELINES}/oven/readings`, { rows }),
        await this.score(0.1 * i, true),
      );
    }
    return answers;
  }

  score(x: number, learn: boolean): Promise<unknown> {
    const features = { temp_mean_10: 20 + x, temp_std_50: 1, humidity_max_30s: 47 };
    const body = { sensor_id: "k-0", features, learn };
    return this.ask("POST", `${DETECTORS}/${DETECTOR.name}/score`, body);
  }

  /** Everything that can be read, but for what depends on the present time. */
  async look(): Promise<Outcome> {
    const paths = [
      BUFFERS,
      `${BUFFERS}/${BUFFER.name}/features?sensor_id=k-0`,
      `${BUFFERS}/${BUFFER.name}/features?sensor_id=k-1`,
      `${BUFFERS}/${BUFFER.name}/rows?limit=40`,
      `${BUFFERS}/kiln/rows?limit=40`,
      DETECTORS,
      `${DETECTORS}/${DETECTOR.name}`,
      `${PIPELINES}/kiln`,
      `${PIPELINES}/oven`,
    ];
    const found = await Promise.all(paths.map(async (path) => [path, await this.ask("GET", path)]));
    return Object.fromEntries(found);
  }
}

async function goOnServing(
  binary: string,
  folder: string,
  expected: Outcome | null,
): Promise<Outcome> {
  const receiver = await startReceiver(() => 204);
  const env = { HOOK_URL: `${receiver.url}/hook`, PICKY_URL: `${receiver.url}/picky` };
  const server = await Server.start(binary, folder, env);
  if (expected !== null) expectAnew(server.program);
  const opened = await server.look();
  const guess = await server.score(3, false);
  const answers = await server.feed(200, 300);
  const closed = await server.look();
  await untilDelivered(server.program, receiver, expected);
  await server.program.stop("SIGTERM");
  receiver.close();
  return { opened, guess, answers, closed, ...deliveries(receiver) };
}

/** Records three sessions: one that sees time pass, one that starts warm, and one that is cut off. */
async function record(binary: string, folder: string): Promise<void> {
  await writeFile(join(folder, "kiln.yaml"), KILN.replace("after: 30d", "after: 3s"));
  await writeFile(join(folder, "b.log"), "");
  const args = ["watch", "b.log", "-p", "kiln.yaml", "--state", "state", ...ALL, "--record"];
  for (const [name, from] of [
    ["kiln.cold.jsonl", 0],
    ["kiln.warm.jsonl.gz", 150],
  ] as const) {
    const watch = new Program(binary, [...args, name], folder);
    for (let i = from; i < from + 150; i += 50) {
      await appendFile(join(folder, "b.log"), untimed(i, i + 50));
      await watch.until(() => watch.stdout.includes(`"row":${i + 50},`));
      await sleep(1000);
    }
    const silent = watch.stdout.length;
    await watch.until(() => watch.stdout.slice(silent).includes('"quiet"'));
    await watch.stop("SIGTERM");
  }
  const whole = await readFile(join(folder, "kiln.warm.jsonl.gz"));
  await writeFile(join(folder, "kiln.cut.jsonl.gz"), whole.subarray(0, whole.length / 2));
  await rm(join(folder, "state"), { recursive: true });
}

/** Readings without times, so that they get the time of their arrival. */
function untimed(from: number, to: number): string {
  return readings(from, to)
    .map(({ timestamp: _, ...reading }) => `${JSON.stringify(reading)}\n`)
    .join("");
}
