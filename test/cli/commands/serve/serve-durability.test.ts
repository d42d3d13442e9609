import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { StateMachine } from "../../../../src/service/state-machine.ts";
import { featuresOf, SENSOR_ANOMALY, SENSOR_BUFFER } from "../../../support/live-definitions.ts";
import {
  append,
  createBuffer,
  createDetector,
  defineFeatures,
  score as scoreOf,
} from "../../../support/machine-commands.ts";
import { Random } from "../../../support/random.ts";
import { runProgram } from "../../../support/run-cli.ts";
import { type Served, serveIn } from "../../../support/serve-process.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

/** Times that the server is killed; more when asked for. */
const KILLS = Number(process.env["IOTMON_TORTURE_RUNS"] ?? 4);
const BUFFERS = "/v1/ml/polars/buffers";
const DETECTORS = "/v1/ml/anomaly/streaming";
const { name: BUFFER } = SENSOR_BUFFER;
const { name: DETECTOR } = SENSOR_ANOMALY;
const FEATURES = (SENSOR_ANOMALY.features ?? []).map((name) => {
  const [column = "", fn, window] = name.replace("temp_", "temperature_").split("_");
  return { name, column, function: fn === "std" ? "std" : "mean", window: Number(window) } as const;
});
/** A checkpoint whenever the budget of bytes allows one. */
const EAGER = ["--max-recovery", "1ms"];

const hasPrlimit = spawnSync("prlimit", ["--version"]).status === 0;

/** A client of a server that may be down; records the acknowledged rows. */
class Client {
  /** Null: it is not known where the server is now. */
  served: Served | null;
  lost = 0;

  constructor(served: Served) {
    this.served = served;
  }

  /** @returns Null when there was no answer. */
  async ask(method: string, path: string, body?: unknown): Promise<Answer | null> {
    const port = this.served?.port ?? 1;
    try {
      const reply = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: { "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: reply.status, body: (await reply.json()) as Answer["body"] };
    } catch {
      this.lost += 1;
      await sleep(20);
      return null;
    }
  }

  /** Repeats a request until there is an answer; only for idempotent requests. */
  async insist(method: string, path: string, body?: unknown): Promise<Answer> {
    for (;;) {
      const answer = await this.ask(method, path, body);
      if (answer !== null) return answer;
    }
  }

  /** Appends row number `i`, from 0, exactly once. */
  async append(i: number, row: object): Promise<void> {
    for (;;) {
      const answer = await this.ask("POST", `${BUFFERS}/${BUFFER}/append`, { rows: [row] });
      if (answer !== null) {
        expect(answer).toMatchObject({ status: 200, body: { rows_appended: 1 } });
        return;
      }
      const state = await this.insist("GET", `${BUFFERS}/${BUFFER}`);
      const appended = Number(state.body["rows_appended"]);
      expect([i, i + 1], "rows that were acknowledged are there").toContain(appended);
      if (appended === i + 1) return;
    }
  }

  async setUp(): Promise<void> {
    const { name, schema, maxRows } = SENSOR_BUFFER;
    const { features, contamination, warmup_period } = SENSOR_ANOMALY;
    const detector = { name: DETECTOR, algorithm: "ecod", features, contamination, warmup_period };
    for (const [path, body] of [
      [BUFFERS, { name, schema, max_rows: maxRows }],
      [`${BUFFERS}/${name}/features`, { features: FEATURES }],
      [DETECTORS, detector],
    ] as const) {
      const answer = await this.insist("POST", path, body);
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    }
  }
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

function readings(count: number): Record<string, unknown>[] {
  const random = new Random(11);
  return Array.from({ length: count }, (_, i) => ({
    timestamp: new Date(Date.UTC(2026, 0, 1) + 1000 * i).toISOString(),
    sensor_id: `sensor-0${i % 2}`,
    temperature: (i % 97 === 96 ? 60 : 22) + random.normal() / 2,
    humidity: 45 + 2 * random.normal(),
    pressure: 1013 + random.normal(),
  }));
}

/** The answers of an uninterrupted state machine to the loop of append, features and score. */
function undisturbed(rows: readonly Record<string, unknown>[]): unknown[] {
  const machine = new StateMachine();
  createBuffer(machine, SENSOR_BUFFER, { replace: false });
  defineFeatures(machine, BUFFER, featuresOf(FEATURES));
  createDetector(machine, SENSOR_ANOMALY, { replace: false });
  return rows.map((row) => {
    append(machine, BUFFER, [row], { arrivalMs: Date.now(), strict: false });
    const features = Object.fromEntries(machine.features(BUFFER).features);
    const score = scoreOf(machine, DETECTOR, { features, learn: true });
    return [features, score.anomalyScore, score.isAnomaly, score.observationsSeen, score.isWarm];
  });
}

describe("iotmon serve after kills", () => {
  it(`loses no acknowledged row over ${KILLS} kills, stays warm, and scores as without a kill`, {
    timeout: 1_800_000 + 20_000 * KILLS,
  }, async () => {
    const random = new Random(Number(process.env["IOTMON_TORTURE_SEED"] ?? 3));
    const folder = await tempFolder();
    const client = new Client(await serveIn(folder, ...EAGER));
    await client.setUp();
    let isDone = false;
    const killing = (async () => {
      for (let kill = 0; kill < KILLS; kill++) {
        const { child, ended } = client.served as Served;
        await sleep(100 + 900 * random.uniform());
        if (random.uniform() < 0.4) {
          child.kill("SIGTERM"); // so that the last checkpoint is cut off
          await sleep(60 * random.uniform());
        }
        child.kill("SIGKILL");
        await ended;
        client.served = null;
        client.served = await serveIn(folder, ...EAGER);
      }
      isDone = true;
    })();
    const rows = readings(20_000);
    const expected = undisturbed(rows.slice(0, 600));
    for (const [i, row] of rows.entries()) {
      if (isDone && i >= 450) break;
      await client.append(i, row);
      if (i >= expected.length) continue;
      const { body: latest } = await client.insist("GET", `${BUFFERS}/${BUFFER}/features`);
      const { features } = latest;
      const { body } = await client.insist("POST", `${DETECTORS}/${DETECTOR}/score`, { features });
      const { anomaly_score, is_anomaly, observations_seen, is_warm } = body;
      const found = [features, anomaly_score, is_anomaly, observations_seen, is_warm];
      expect(found, `row ${i}`).toEqual(expected[i]);
    }
    await killing;
    expect(client.lost).toBeGreaterThan(0);
    expect(client.served?.logText()).not.toMatch(/"level":"(warn|error)"/);
  });

  it("executes no record again after a normal stop", async () => {
    const folder = await tempFolder();
    const client = new Client(await serveIn(folder));
    await client.setUp();
    // a journal that is worth a checkpoint: the bytes on the disk are limited
    await client.insist("POST", `${BUFFERS}/${BUFFER}/append`, { rows: readings(1000) });
    const before = await client.insist("GET", `${BUFFERS}/${BUFFER}`);
    client.served?.child.kill("SIGTERM");
    expect(await client.served?.ended).toBe(0);
    client.served = await serveIn(folder);
    expect(before.body).toMatchObject({ current_rows: 1000 });
    expect(await client.insist("GET", `${BUFFERS}/${BUFFER}`)).toEqual(before);
    const metrics = await fetch(`http://127.0.0.1:${client.served.port}/metrics`);
    const text = await metrics.text();
    expect(text).toContain("\niotmon_recovered_records 0\n");
    expect(text).toContain("\niotmon_journal_failing 0\n");
    const second = await runProgram(["serve", "--port", "0"], { cwd: folder });
    expect([second.code, second.stderr]).toEqual([
      75,
      expect.stringContaining(`in use by process ${client.served.child.pid}`),
    ]);
  });
});

// a limit on the size of files behaves as a full disk does
it.runIf(hasPrlimit)(
  "iotmon serve rejects changes while the disk is full, then continues from the same state",
  async () => {
    const client = new Client(await serveIn(await tempFolder()));
    await client.setUp();
    const rows = readings(5);
    const append = (i: number): Promise<Answer | null> =>
      client.ask("POST", `${BUFFERS}/${BUFFER}/append`, { rows: [rows[i]] });
    const appended = async (): Promise<unknown> =>
      (await client.insist("GET", `${BUFFERS}/${BUFFER}`)).body["rows_appended"];
    const limit = (bytes: string): void => {
      const pid = String(client.served?.child.pid);
      expect(spawnSync("prlimit", ["--pid", pid, `--fsize=${bytes}`]).status).toBe(0);
    };
    await client.append(0, rows[0] ?? {});
    limit("500:unlimited");
    const full = { status: 503, body: { type: "urn:iotmon:problem:unavailable" } };
    const done = { status: 503, body: { type: "urn:iotmon:problem:done-not-safe" } };
    expect(await append(1)).toMatchObject(done);
    expect((await append(2))?.body["detail"]).toContain("Nothing was changed");
    expect(await append(2)).toMatchObject(full);
    expect(await appended()).toBe(2);
    const ready = await client.insist("GET", "/readyz");
    expect(ready).toMatchObject({ status: 503, body: { status: "not ready" } });
    expect(JSON.stringify(ready.body)).toContain("can't be written");
    limit("unlimited");
    expect(await append(2)).toMatchObject({ status: 200 });
    expect((await client.insist("GET", "/readyz")).status).toBe(200);
    client.served?.child.kill("SIGKILL");
    await client.served?.ended;
    expect(client.served?.logText()).toContain(
      "changes are rejected until the journal can be written",
    );
  },
);
