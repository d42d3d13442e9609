import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../../../support/run-cli.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const pipeline = (limit: number, source = ""): string => `version: 1
name: kiln
${source}features:
  - { name: temp_mean_3, column: temperature, function: mean, window: 3 }
detectors:
  - { name: too_hot, algorithm: threshold, when: temperature > ${limit} }
`;

const HOUR = 3_600_000;
const reading = (i: number): string =>
  JSON.stringify({
    timestamp: new Date(1.77e12 + i * HOUR).toISOString(),
    temperature: i % 50 === 49 ? 45 + i / 100 : 20 + (i % 7) / 10,
  });

async function recorded(name: string, source?: string): Promise<string> {
  const cwd = await tempFolder();
  await writeFile(join(cwd, "kiln.yaml"), pipeline(40, source));
  const input = Array.from({ length: 400 }, (_, i) => `${reading(i)}\n`).join("");
  const args = ["watch", "-", "-p", "kiln.yaml", "--format", "jsonl", "--record", name];
  const run = await runCli(args, { cwd, input });
  expect(run.code, run.stderr).toBe(0);
  return cwd;
}

const alertsOf = (stdout: string): number => stdout.split('"status":"firing"').length - 1;

describe("replay of a session that watch recorded", () => {
  it("runs another pipeline, even one that sets the format of its lines", async () => {
    const cwd = await recorded("a.jsonl", "source: { type: stdin, format: jsonl }\n");
    const same = await runCli(["replay", "a.jsonl", "--format", "jsonl"], { cwd });
    expect(alertsOf(same.stdout), same.stderr).toBe(8);
    await writeFile(
      join(cwd, "other.yaml"),
      pipeline(47, "source: { type: stdin, format: jsonl }\n"),
    );
    const other = ["replay", "a.jsonl", "-p", "other.yaml", "--format", "jsonl"];
    const changed = await runCli(other, { cwd });
    expect(alertsOf(changed.stdout), changed.stderr).toBe(4);
  });

  it("reads the rest of a truncated compressed recording", async () => {
    const cwd = await recorded("a.jsonl.gz");
    const bytes = await readFile(join(cwd, "a.jsonl.gz"));
    await writeFile(join(cwd, "cut.jsonl.gz"), bytes.subarray(0, bytes.length - 40));
    const all = await runCli(["replay", "a.jsonl.gz", "--format", "jsonl"], { cwd });
    const cut = await runCli(["replay", "cut.jsonl.gz", "--format", "jsonl"], { cwd });
    expect(all.code, all.stderr).toBe(0);
    expect(cut.code, cut.stderr).toBe(0);
    expect(cut.stderr).toContain("the rest is lost");
    expect(alertsOf(cut.stdout)).toBeGreaterThan(0);
    expect(all.stdout.startsWith(cut.stdout)).toBe(true);
  });

  it("rejects a mix with other recordings", async () => {
    const cwd = await recorded("a.jsonl");
    await writeFile(join(cwd, "b.jsonl"), `${reading(0)}\n`);
    for (const files of [
      ["a.jsonl", "b.jsonl"],
      ["b.jsonl", "a.jsonl"],
    ]) {
      const run = await runCli(["replay", ...files], { cwd });
      expect(run.code).not.toBe(0);
      expect(run.stderr).toContain("a recording of watch can only be replayed alone");
    }
  });
});
