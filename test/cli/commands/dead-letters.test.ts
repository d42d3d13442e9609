import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { Outbox } from "../../../src/io/outbox/outbox.ts";
import { DEFAULT_BREAKER } from "../../../src/io/outbox/sink-worker/circuit-breaker.ts";
import { DEFAULT_RETRY } from "../../../src/io/outbox/sink-worker/retry-policy.ts";
import type { Outcome } from "../../../src/io/sinks/sink.ts";
import { StateDirectory } from "../../../src/state/state-directory.ts";
import { message } from "../../io/outbox/support.ts";
import { folderWith, runCli, runProgram } from "../../support/run-cli.ts";

const IDS = ["aa11aa11aa11aa11", "aa22aa22aa22aa22", "bb33bb33bb33bb33"] as const;

/** Runs an outbox over the state of a pipeline until nothing is pending. */
async function runOutbox(
  path: string,
  answer: (sink: string) => Outcome,
  ids: readonly string[] = [],
): Promise<string[]> {
  const delivered: string[] = [];
  const state = await StateDirectory.open(path, () => {});
  const sinks = ["hook", "chat"].map((name) => ({
    sink: {
      name,
      deliver: async ({ body }: { readonly body: { readonly id: string } }) => {
        const outcome = answer(name);
        if (outcome.kind === "delivered") delivered.push(`${name} ${body.id}`);
        return outcome;
      },
      close: async () => {},
    },
    accepts: () => true,
    retry: DEFAULT_RETRY,
    breaker: DEFAULT_BREAKER,
    timeoutMs: 15_000,
  }));
  const outbox = await Outbox.open({ state, sinks, report: () => {} });
  for (const id of ids) await outbox.enqueue(message(id, { episode: id }));
  await outbox.drain(AbortSignal.timeout(60_000));
  await outbox.close();
  await state.close();
  return delivered.sort();
}

const REJECT = (sink: string): Outcome =>
  sink === "hook" ? { kind: "rejected", reason: "answered 400" } : { kind: "delivered" };

async function folderWithLetters(): Promise<string> {
  const cwd = await folderWith({ "p.yaml": "version: 1\nname: greenhouse\n" });
  await runOutbox(join(cwd, ".iotmon", "greenhouse"), REJECT, IDS);
  return cwd;
}

describe("iotmon dead-letters", () => {
  let shared = "";

  beforeAll(async () => {
    shared = await folderWithLetters();
  });

  it("lists them as a table, from the given state directory or the only one", async () => {
    const named = [["-p", "p.yaml"], ["--state", ".iotmon/greenhouse"], []];
    for (const args of named) {
      const { code, stdout, stderr } = await runCli(["dead-letters", "list", ...args], {
        cwd: shared,
      });
      expect([code, stderr]).toEqual([0, ""]);
      const [head, ...rows] = stdout.trimEnd().split("\n");
      expect(head).toMatch(/^id +given up +sink +sensor +status +severity +tries +reason$/);
      expect(rows.map((row) => row.slice(0, 12))).toEqual(IDS.map((id) => id.slice(0, 12)));
      expect(rows[0]).toMatch(/ hook +bench-1 +firing +warning +1 +answered 400$/);
    }
  });

  it("lists them as JSON, and reports an empty list", async () => {
    const args = ["dead-letters", "list", "--format", "json"];
    const { stdout } = await runCli(args, { cwd: shared });
    expect(JSON.parse(stdout)).toMatchObject(
      IDS.map((id) => ({ sink: "hook", reason: "answered 400", attempts: 1, message: { id } })),
    );
    const none = await runCli(["dead-letters", "list", "--sink", "chat"], { cwd: shared });
    expect(none).toEqual({
      code: 0,
      stdout: "",
      stderr: "no dead letters in .iotmon/greenhouse\n",
    });
  });

  it("shows one by the beginning of its id", async () => {
    const { code, stdout } = await runCli(["dead-letters", "show", "bb"], { cwd: shared });
    expect(code).toBe(0);
    expect(stdout).toContain("reason    answered 400\n");
    expect(stdout).toContain(`"id": "${IDS[2]}"`);
  });

  it.each([
    [["show", "aa"], 64, 'several dead letters begin with "aa"'],
    [["show", "cc"], 64, "no dead letter has the id cc"],
    [["redrive"], 64, "no dead letter to redrive"],
    [["purge", "aa11", "--all"], 64, "ids and --all exclude each other"],
    [["list", "--state", "none"], 66, "there is no state directory"],
    [["list", "--state", "x", "-p", "p.yaml"], 64, "can't be used with --state"],
    [["list", "-p", "none.yaml"], 66, "the pipeline file does not exist"],
  ])("rejects %j with %i", async (args, expected, text) => {
    const { code, stderr } = await runCli(["dead-letters", ...args], { cwd: shared });
    expect(stderr).toContain(text);
    expect(code).toBe(expected);
  });

  it("asks for a state directory when there are several, or none", async () => {
    const cwd = await folderWith({});
    const none = await runCli(["dead-letters", "list"], { cwd });
    expect([none.code, none.stderr]).toEqual([64, expect.stringContaining(" has none")]);
    await mkdir(join(cwd, ".iotmon", "a"), { recursive: true });
    await mkdir(join(cwd, ".iotmon", "b"));
    const several = await runCli(["dead-letters", "list"], { cwd });
    expect(several.code).toBe(64);
    expect(several.stderr).toContain("--state DIR: .iotmon/a, .iotmon/b\n");
  });

  it("redrives one under its id, then all of a sink, then purges the rest", async () => {
    const cwd = await folderWithLetters();
    const path = join(cwd, ".iotmon", "greenhouse");
    const one = await runProgram(["dead-letters", "redrive", "aa22"], { cwd });
    expect([one.code, one.stderr]).toEqual([
      0,
      "1 dead letter back in the queue; sent when the pipeline runs next\n",
    ]);
    expect(await runOutbox(path, () => ({ kind: "delivered" }))).toEqual([`hook ${IDS[1]}`]);
    await runCli(["dead-letters", "redrive", "--sink", "chat"], { cwd });
    expect(await runOutbox(path, () => ({ kind: "delivered" }))).toEqual([]);
    await runCli(["dead-letters", "redrive", "--sink", "hook"], { cwd });
    expect(await runOutbox(path, REJECT)).toEqual([]);
    const purged = await runCli(["dead-letters", "purge", "--all"], { cwd });
    expect(purged.stderr).toBe("2 dead letters deleted\n");
    expect(await runOutbox(path, () => ({ kind: "delivered" }), IDS)).toEqual([]);
  });

  it("lists while a pipeline runs, but rejects changes and names the process", async () => {
    const state = await StateDirectory.open(join(shared, ".iotmon", "greenhouse"), () => {});
    const list = await runCli(["dead-letters", "list"], { cwd: shared });
    expect(list.stdout.trimEnd().split("\n")).toHaveLength(1 + IDS.length);
    const { code, stderr } = await runProgram(["dead-letters", "purge", "--all"], { cwd: shared });
    await state.close();
    expect(code).toBe(75);
    expect(stderr).toContain(`in use by process ${process.pid}`);
    expect(stderr).toContain("Stop that process first");
  });
});
