import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PIPELINE_PRESETS } from "../../../../src/config/infer/presets.ts";
import { ROOT } from "../../../support/markdown.ts";
import { Random } from "../../../support/random.ts";
import { folderWith, runCli } from "../../../support/run-cli.ts";

const presets = Object.keys(PIPELINE_PRESETS);

/** One column of noise around a level, a reading a minute. */
function recording(rows: number, level: (row: number) => number): string {
  const random = new Random(3);
  const lines = Array.from({ length: rows }, (_, row) => {
    const time = new Date(Date.UTC(2024, 0, 1, 0, row)).toISOString();
    return `${time},${(20 + level(row) + random.normal()).toFixed(3)}`;
  });
  return ["timestamp,value", ...lines, ""].join("\n");
}

/** Share of anomalous readings from a row on, with the pipeline that a preset writes. */
async function anomalousFrom(preset: string, csv: string, from: number): Promise<number> {
  const cwd = await folderWith({ "in.csv": csv });
  const written = await runCli(["init", "in.csv", "--preset", preset, "-o", "p.yaml"], { cwd });
  expect(written.code).toBe(0);
  const replayed = await runCli(["replay", "-p", "p.yaml", "--scores", "s.csv"], { cwd });
  expect(replayed.code).toBe(0);
  const [header = "", ...lines] = (await readFile(join(cwd, "s.csv"), "utf8")).trim().split("\n");
  const column = header.split(",").indexOf("is_anomaly");
  const flags = lines.slice(from).map((line) => Number(line.split(",")[column]));
  return flags.reduce((sum, flag) => sum + flag, 0) / flags.length;
}

describe("iotmon init --preset", () => {
  it.each(presets)(
    "%s writes a pipeline that is valid without a warning, and runs",
    async (preset) => {
      const cwd = await folderWith({});
      const sample = join(ROOT, "fixtures/machine-temperature.csv");
      const written = await runCli(["init", sample, "--preset", preset, "-o", "p.yaml"], { cwd });
      expect([written.code, written.stdout]).toEqual([0, ""]);
      const checked = await runCli(["check", "p.yaml"], { cwd });
      expect([checked.code, checked.stderr]).toEqual([0, ""]);
      const { code, stdout } = await runCli(["replay", "-p", "p.yaml", "--format", "json"], {
        cwd,
      });
      expect(code).toBe(0);
      const { detectors } = JSON.parse(stdout) as { detectors: { scored: number }[] };
      expect(detectors[0]?.scored).toBeGreaterThan(20_000);
    },
  );

  it("defaults to sensor", async () => {
    const sample = join(ROOT, "fixtures/machine-temperature.csv");
    const [plain, named] = await Promise.all([
      runCli(["init", sample]),
      runCli(["init", sample, "--preset", "sensor"]),
    ]);
    expect(named).toEqual(plain);
  });

  it("lists the presets for an unknown name", async () => {
    const { code, stderr } = await runCli(["init", "in.csv", "--preset", "proces"]);
    expect(code).toBe(64);
    expect(stderr).toContain('Did you mean "process"? Choices are: sensor, process, slow-drift');
  });
});

describe("the presets", () => {
  it("differ at a lasting level shift: process keeps alarming, sensor adapts", async () => {
    const shifted = recording(4000, (row) => (row >= 3000 ? 6 : 0));
    expect(await anomalousFrom("process", shifted, 3100)).toBeGreaterThan(0.9);
    expect(await anomalousFrom("sensor", shifted, 3300)).toBeLessThan(0.05);
  });

  it("differ at a slow drift: slow-drift finds most of it, sensor little", async () => {
    const drifting = recording(12_000, (row) => Math.max(0, row - 8000) / 500);
    expect(await anomalousFrom("slow-drift", drifting, 8000)).toBeGreaterThan(0.25);
    expect(await anomalousFrom("sensor", drifting, 8000)).toBeLessThan(0.1);
  });
});
