import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { Random } from "../support/random.ts";
import { type Served, serveIn } from "../support/serve-process.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** Number of kills while the full example runs. */
const KILLS = Number(process.env["IOTMON_TORTURE_RUNS"] ?? 4);
/** Sections that use the same names; each order of them is an own test. */
const SECTIONS = ["set_up", "monitor", "history", "example"] as const;
/** All 24 orders take long: by default, every eighth. */
const ORDERS = orders(SECTIONS).filter((_, i) => KILLS >= 24 || i % 8 === 0);
/** Readings at the end of `monitor` and `example` that have a fault. */
const FAULTY = 5;
/** How much too hot they are. */
const FAULT = 38;
/** Readings of each run of the example: its buffer holds 5000 rows. */
const READINGS = Math.min(2400, 75 * KILLS);
/** The Python of the distribution, which has the package `python3-requests`. */
const PYTHON = "/usr/bin/python3";
const SCRIPT = resolve("test/services/python-client/run_snippets.py");
const BUFFER = "/v1/ml/polars/buffers/sensor_metrics";
const DETECTOR = "/v1/ml/anomaly/streaming/sensor_anomaly";

type Section = "set_up" | "monitor" | "history" | "groups" | "example" | "severity";

/** The output of a snippet and the acknowledged rows. */
interface Facts {
  readonly printed: readonly string[];
  readonly statuses: readonly number[];
  /** Temperature of each acknowledged row; all differ. */
  readonly acknowledged: readonly number[];
  /** Rows of calls without an answer. */
  readonly in_doubt: number;
  readonly lost: number;
  readonly scores: readonly (readonly [warm: boolean, observations: number, score: number])[];
  /** The exception that ended the snippet; null: none. */
  readonly error: string | null;
}

beforeAll(() => {
  const { status } = spawnSync(PYTHON, ["-c", "import requests"]);
  if (status === 0) return;
  throw new Error(
    `${PYTHON} has no requests: apt-get install --no-install-recommends python3-requests`,
  );
});

/** A server that tests kill; it must recover everything. */
class MortalServer {
  readonly #folder: string;
  #served: Served;

  private constructor(folder: string, served: Served) {
    this.#folder = folder;
    this.#served = served;
  }

  static async start(): Promise<MortalServer> {
    const folder = await tempFolder();
    return new MortalServer(folder, await serveIn(folder));
  }

  async killAndRestart(): Promise<void> {
    const { child, ended, port } = this.#served;
    child.kill("SIGKILL");
    await ended;
    this.#served = await serveIn(this.#folder, "--port", String(port));
  }

  get logText(): string {
    return this.#served.logText();
  }

  /** Buffer and detector; null: it does not exist. */
  async states(): Promise<readonly unknown[]> {
    const replies = await Promise.all([BUFFER, DETECTOR].map((path) => this.get(path)));
    return replies.map((reply) => (reply["status"] === 404 ? null : reply));
  }

  async get(path: string): Promise<Readonly<Record<string, unknown>>> {
    const reply = await fetch(`http://127.0.0.1:${this.#served.port}${path}`);
    return (await reply.json()) as Record<string, unknown>;
  }

  run(section: Section, readings = 0, fault = FAULT): Promise<Facts> {
    const args = [SCRIPT, String(this.#served.port), section, `${readings}`, `${fault}`];
    const child = spawn(PYTHON, args, { stdio: ["ignore", "pipe", "pipe"] });
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
    return outputOf(child);
  }
}

async function outputOf(child: ChildProcess): Promise<Facts> {
  let [output, errors] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(errors);
  return JSON.parse(output) as Facts;
}

async function temperatures(server: MortalServer): Promise<ReadonlySet<unknown>> {
  const { rows } = await server.get(`${BUFFER}/rows?limit=10000`);
  return new Set((rows as { temperature: number }[]).map(({ temperature }) => temperature));
}

/** Whether a section reads a sensor. */
function isLoop(section: Section): boolean {
  return section === "monitor" || section === "example";
}

function expectFoundFault(section: Section, { scores, printed }: Facts, what: string): void {
  if (!isLoop(section)) return;
  expect(scores.length, what).toBe(260);
  const isFound = scores.slice(-FAULTY).some(([warm, , score]) => warm && score > 0.5);
  expect(isFound, what).toBe(true);
  expect(printed.join("\n"), what).toContain("ANOMALY");
}

function orders<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) =>
    orders(items.filter((item) => item !== first)).map((rest) => [first, ...rest]),
  );
}

describe("the Python client of the example document", () => {
  it.each(ORDERS)(
    "finds each fault in the order %s, %s, %s, %s, twice, over kills",
    {
      timeout: 600_000,
    },
    async (...order) => {
      const server = await MortalServer.start();
      let acknowledged = 0;
      let isSetUp = false;
      // an adapting detector has learned a fault that happened before
      let fault = FAULT;
      for (const [i, section] of [...order, ...order].entries()) {
        const what = `${i}: ${section}`;
        const facts = await server.run(section, section === "history" ? 200 : 260, fault);
        if (isLoop(section)) fault *= 2;
        acknowledged += facts.acknowledged.length;
        isSetUp ||= section === "set_up" || section === "example";
        // as written, a snippet fails if nothing has created its buffer
        expect(facts.error, what).toBe(isSetUp ? null : "KeyError('features')");
        if (isSetUp) expectFoundFault(section, facts, what);
        const before = await server.states();
        await server.killAndRestart();
        expect(await server.states(), what).toEqual(before);
      }
      expect(await server.get(BUFFER)).toMatchObject({ rows_appended: acknowledged });
      expect(await server.get(DETECTOR)).toMatchObject({ variants: [{ is_warm: true }] });
      expect(server.logText).not.toMatch(/"level":"(warn|error)"/);
    },
  );

  it("runs unchanged, twice, while the server is killed between its sections", {
    timeout: 600_000,
  }, async () => {
    const server = await MortalServer.start();
    const acknowledged: number[] = [];
    /** Runs a section, then kills the server, which must recover everything. */
    const survive = async (section: Section, readings = 0): Promise<Facts> => {
      const facts = await server.run(section, readings);
      acknowledged.push(...facts.acknowledged);
      const before = await server.states();
      await server.killAndRestart();
      expect(await server.states(), section).toEqual(before);
      return facts;
    };
    for (const round of [1, 2]) {
      const created = round === 1 ? 201 : 200;
      expect((await survive("set_up")).statuses).toEqual([created, 200, created]);
      const monitored = await survive("monitor", 260);
      expect(monitored.scores.length).toBe(260);
      if (round === 1) {
        expect(monitored.printed.join("\n")).toContain("ANOMALY sensor=sensor-01 score=");
      }
      expect(await server.get(DETECTOR)).toMatchObject({ is_warm: true });
      expect((await survive("history", 200)).printed).toEqual(["Detector warm: True"]);
      const groups = await survive("groups");
      expect(groups.statuses).toEqual(groups.statuses.map(() => created));
      // other definitions use the names; each reading still gets a status
      const { printed } = await survive("example", 110);
      expect(printed.filter((line) => /^\[(OK|ANOMALY)\]/.test(line)).length).toBe(110);
      const { printed: severity } = await server.run("severity");
      expect(severity).toEqual(["[CRITICAL] sensor=s score=0.9600"]);
    }
    expect(acknowledged.length).toBe(2 * (260 + 200 + 110));
    const { rows_appended } = await server.get(BUFFER);
    expect(rows_appended).toBe(acknowledged.length);
    const kept = await temperatures(server);
    expect(acknowledged.filter((temperature) => !kept.has(temperature))).toEqual([]);
    const { observations_total } = await server.get(DETECTOR);
    expect(observations_total).toBe(acknowledged.length);
  });

  it(`loses nothing and stays warm when its full example runs twice over ${KILLS} kills`, {
    timeout: 60_000 + 20_000 * KILLS,
  }, async () => {
    const server = await MortalServer.start();
    const random = new Random(Number(process.env["IOTMON_TORTURE_SEED"] ?? 5));
    let kills = 0;
    const run = async (least: number): Promise<Facts> => {
      let isDone = false;
      const running = server.run("example", READINGS).finally(() => {
        isDone = true;
      });
      while (!isDone) {
        await Promise.race([running, sleep(100 + 900 * random.uniform())]);
        if (isDone || kills >= least) continue;
        await server.killAndRestart();
        kills += 1;
      }
      return running;
    };
    const runs = [await run(KILLS / 2), await run(KILLS)];
    expect(kills).toBeGreaterThanOrEqual(2);
    expect(runs.reduce((sum, { lost }) => sum + lost, 0)).toBeGreaterThan(0);
    for (const { printed } of runs) {
      expect(printed.filter((line) => line.startsWith("[")).length).toBe(READINGS);
    }
    const acknowledged = runs.flatMap((facts) => facts.acknowledged);
    const kept = await temperatures(server);
    expect(acknowledged.filter((temperature) => !kept.has(temperature))).toEqual([]);
    const state = await server.get(BUFFER);
    const inDoubt = runs.reduce((sum, { in_doubt }) => sum + in_doubt, 0);
    expect(state["rows_appended"]).toBeGreaterThanOrEqual(acknowledged.length);
    expect(state["rows_appended"]).toBeLessThanOrEqual(acknowledged.length + inDoubt);
    const scores = runs.flatMap((facts) => facts.scores);
    const firstWarm = scores.findIndex(([warm]) => warm);
    expect(scores.slice(firstWarm).every(([warm]) => warm)).toBe(true);
    const seen = scores.map(([, observations]) => observations);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(state["rows_appended"]);
    expect(server.logText).not.toMatch(/"level":"(warn|error)"/);
  });
});
