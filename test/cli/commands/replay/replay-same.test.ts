import { createHash } from "node:crypto";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { recording, recordingLines } from "../../../support/recording.ts";
import { folderWith, runCli } from "../../../support/run-cli.ts";

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../../fixtures/${name}`, import.meta.url));

const shape = { rows: 1000, labelled: true, jumps: [600, 850] };
let folder = "";
beforeAll(async () => {
  folder = await folderWith({
    "plant.csv": recording(shape),
    "other.csv": recording({ rows: 900, seed: 9, jumps: [700] }),
  });
  for (const name of ["machine-temperature.csv", "messy.csv"]) {
    await copyFile(fixture(name), join(folder, name));
  }
});

/** Messages and scores of a replay, as bytes. */
interface Result {
  readonly messages: string;
  readonly scores: string;
}

let runs = 0;
async function result(args: readonly string[], input?: readonly string[]): Promise<Result> {
  const file = `scores-${runs++}.csv`;
  const all = ["replay", ...args, "-q", "--format", "jsonl", "--scores", file];
  const run = await runCli(all, { cwd: folder, ...(input ? { input } : {}) });
  expect([run.code, run.stderr]).toEqual([0, ""]);
  return { messages: run.stdout, scores: await readFile(join(folder, file), "utf8") };
}

async function init(file: string): Promise<void> {
  const { code } = await runCli(["init", file, "-q", "-o", `${file}.init.yaml`], { cwd: folder });
  expect(code).toBe(0);
}

describe("iotmon replay gives the same bytes", () => {
  it("as when the golden files were made, and with the pipeline of init", async () => {
    const file = "machine-temperature.csv";
    await init(file);
    const golden = (name: string): Promise<string> =>
      readFile(fixture(`golden/replay/machine-temperature.${name}`), "utf8");
    const [messages, hash] = await Promise.all([golden("jsonl"), golden("scores.sha256")]);
    for (const args of [[file], ["-p", `${file}.init.yaml`]]) {
      const made = await result(args);
      expect(made.messages).toBe(messages);
      expect(createHash("sha256").update(made.scores).digest("hex")).toBe(hash.trim());
    }
  });

  it.each(["messy.csv", "plant.csv"])(
    "without a pipeline, with the one it saved, and with the one of init: %s",
    async (file) => {
      const [bare] = await Promise.all([result([file]), init(file)]);
      const saving = await result([file, "--write-pipeline", `${file}.saved.yaml`]);
      const [saved, made] = await Promise.all([
        result([file, "-p", `${file}.saved.yaml`]),
        result(["-p", `${file}.init.yaml`]),
      ]);
      expect(bare.scores.length).toBeGreaterThan(1000);
      for (const other of [saving, saved, made]) expect(other).toEqual(bare);
    },
  );

  it("when the input comes through stdin in small pieces", async () => {
    const saved = ["-p", "stdin.yaml"];
    const whole = await result(["plant.csv", "--write-pipeline", "stdin.yaml"]);
    const text = recording(shape);
    const pieces = text.match(/[\s\S]{1,173}/g) ?? [];
    expect(await result(["-", ...saved], pieces)).toEqual(whole);
    expect(await result(["-", ...saved], [text])).toEqual(whole);
  });

  it("with --from as the tail of a run without it", async () => {
    const whole = await result(["plant.csv"]);
    const from = "2024-03-01 05:30:00";
    const tail = await result(["plant.csv", "--from", from]);
    const iso = "2024-03-01T05:30:00.000Z";
    const [head = "", ...rows] = whole.scores.trimEnd().split("\n");
    const late = rows.filter((row) => (row.split(",")[1] ?? "") >= iso);
    expect(late.length).toBe(340);
    expect(tail.scores).toBe(`${[head, ...late].join("\n")}\n`);
    const messages = whole.messages.trimEnd().split("\n");
    const lateMessages = messages.filter((line) => JSON.parse(line).timestamp >= iso);
    expect(lateMessages.length).toBeGreaterThan(0);
    expect(lateMessages.length).toBeLessThan(messages.length);
    expect(tail.messages).toBe(`${lateMessages.join("\n")}\n`);
  });

  it("with --each as in separate runs", async () => {
    const args = ["-q", "--format", "jsonl", "--scores", "each-{stem}.csv"];
    const both = await runCli(["replay", "--each", "plant.csv", "other.csv", ...args], {
      cwd: folder,
    });
    const single = [await result(["plant.csv"]), await result(["other.csv"])];
    expect(both.stdout).toBe(single.map(({ messages }) => messages).join(""));
    for (const [i, name] of ["plant", "other"].entries()) {
      expect(await readFile(join(folder, `each-${name}.csv`), "utf8")).toBe(single[i]?.scores);
    }
  });

  it("at any speed, waiting as long as it takes", async () => {
    const fast = await result(["plant.csv"]);
    const start = performance.now();
    const slow = await result(["plant.csv", "--speed", "20000x"]); // 8.3 hours
    expect(performance.now() - start).toBeGreaterThan(1480);
    expect(slow).toEqual(fast);
  });

  it("from one file and from its rows cut into several", async () => {
    const [head = "", ...rows] = recordingLines(shape);
    const part = (from: number, to: number): string =>
      `${[head, ...rows.slice(from, to)].join("\n")}\n`;
    const parts = await folderWith({
      "plant.csv": recording(shape),
      "1.csv": part(0, 333),
      "2.csv": part(333, 1000),
    });
    const one = await runCli(["replay", "plant.csv", "-q", "--format", "jsonl"], { cwd: parts });
    const pipeline = ["replay", "plant.csv", "-q", "--write-pipeline", "p.yaml"];
    expect((await runCli(pipeline, { cwd: parts })).code).toBe(0);
    const glob = ["replay", "[12].csv", "-q", "-p", "p.yaml", "--format", "jsonl"];
    expect((await runCli(glob, { cwd: parts })).stdout).toBe(one.stdout);
  });
});
