import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { type CliRun, runCli } from "../support/run-cli.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "iotmon-times-"));
});

const two = (n: number): string => String(n).padStart(2, "0");

/** A table with one reading a minute. @param time The cells of a minute. */
function table(header: string, rows: number, time: (minute: number) => string): string {
  const lines = Array.from({ length: rows }, (_, i) => `${time(i)},${20 + (i % 7)}.5`);
  return `${header}\n${lines.join("\n")}\n`;
}

const run = (args: readonly string[], input?: string): Promise<CliRun> =>
  runCli(args, { cwd: folder, ...(input === undefined ? {} : { input }) });

/** First and last time of a replay. */
async function span(args: readonly string[]): Promise<readonly unknown[]> {
  const { stdout, stderr, code } = await run(["replay", ...args, "--format", "json"]);
  expect(stderr).not.toContain("error");
  expect(code).toBe(0);
  const { from, to } = JSON.parse(stdout);
  return [from, to];
}

const oneDay = table("time,temp", 60, (i) => `03/04/2026 09:${two(i)}`);
const DAY_FIRST = ["2026-04-03T09:00:00.000Z", "2026-04-03T09:59:00.000Z"];

describe("a time with two readings", () => {
  it("is refused by replay, init and check, with both readings and the setting", async () => {
    await writeFile(join(folder, "log.csv"), oneDay);
    const pipeline = "version: 1\nsource: { type: file, path: log.csv }\n";
    await writeFile(join(folder, "p.yaml"), pipeline);
    for (const args of [
      ["replay", "log.csv"],
      ["init", "log.csv"],
      ["replay", "-p", "p.yaml"],
    ]) {
      const { code, stderr } = await run(args);
      expect(code).toBe(65);
      expect(stderr).toContain('"03/04/2026 09:00" is 2026-04-03 09:00:00 (%d/%m/%Y %H:%M)');
      expect(stderr).toContain("or 2026-03-04 09:00:00 (%m/%d/%Y %H:%M)");
      expect(stderr).toContain('--time-format "%d/%m/%Y %H:%M"');
      expect(stderr).toContain("source.time.format");
    }
  });

  it("is decided by --time-format, and by source.time.format", async () => {
    await writeFile(join(folder, "log.csv"), oneDay);
    expect(await span(["log.csv", "--time-format", "%d/%m/%Y %H:%M"])).toEqual(DAY_FIRST);
    const time = 'time: { format: "%d/%m/%Y %H:%M", zone: Europe/Berlin }';
    const pipeline = `version: 1\nsource: { type: file, path: log.csv, ${time} }\n`;
    await writeFile(join(folder, "p.yaml"), pipeline);
    expect(await span(["-p", "p.yaml"])).toEqual([
      "2026-04-03T07:00:00.000Z",
      "2026-04-03T07:59:00.000Z",
    ]);
    expect(await span(["-p", "p.yaml", "--time-zone", "UTC"])).toEqual(DAY_FIRST);
  });
});

describe("init", () => {
  it("writes down what it found, so that the file is read without detection", async () => {
    const rows = table("Date,Time,temp", 60, (i) => `13/04/2026,09.${two(i)}.00`);
    await writeFile(join(folder, "log.csv"), rows);
    const { code } = await run(["init", "log.csv", "--time-zone", "Europe/Berlin", "-o", "p.yaml"]);
    expect(code).toBe(0);
    const written = await readFile(join(folder, "p.yaml"), "utf8");
    expect(written).toContain(
      'time: { columns: [ Date, Time ], format: "%d/%m/%Y %H.%M.%S", zone: Europe/Berlin }',
    );
    // a day on which detection would find two readings
    await writeFile(join(folder, "log.csv"), rows.replaceAll("13/04/2026", "03/04/2026"));
    expect((await span(["-p", "p.yaml"]))[0]).toBe("2026-04-03T07:00:00.000Z");
    expect((await run(["check", "p.yaml"])).code).toBe(0);
  });
});

describe("times without a date", () => {
  it("count from --start, from the name of the file, or from nothing, which is a doubt", async () => {
    const rows = table("Time (s),temp", 60, (i) => String(i * 60));
    await writeFile(join(folder, "run.csv"), rows);
    await writeFile(join(folder, "run-2026-03-01.csv"), rows);
    const dated = ["2026-03-01T00:00:00.000Z", "2026-03-01T00:59:00.000Z"];
    expect(await span(["run-2026-03-01.csv"])).toEqual(dated);
    expect(await span(["run.csv", "--start", "2026-03-01"])).toEqual(dated);
    const { stdout, stderr } = await run(["replay", "run.csv"]);
    expect(stdout).toContain("+00:00:00 to +00:59:00");
    expect(stderr).toContain("check: ");
    expect(stderr).toContain("--start");
    expect((await run(["replay", "run.csv", "--strict"])).code).toBe(65);
  });
});

describe("--zone", () => {
  it("shows tables in the zone, and JSON in UTC", async () => {
    await writeFile(
      join(folder, "log.csv"),
      table("time,temp", 60, (i) => `2026-07-01T09:${two(i)}:00Z`),
    );
    const zone = ["--zone", "Europe/Berlin"];
    const { stdout } = await run(["replay", "log.csv", ...zone]);
    expect(stdout).toContain("2026-07-01 11:00:00 to 2026-07-01 11:59:00");
    expect((await span(["log.csv", ...zone]))[0]).toBe("2026-07-01T09:00:00.000Z");
  });
});

describe("watch", () => {
  it("decides the order of day and month by the time of arrival", async () => {
    const now = new Date();
    const lines = table("time,temp", 30, (i) => {
      const time = new Date(now.getTime() - (30 - i) * 1000);
      const [date = "", clock = ""] = time.toISOString().slice(0, 19).split("T");
      const [year, month, day] = date.split("-");
      return `${month}/${day}/${year} ${clock}`;
    });
    const args = ["watch", "-", "--all", "--format", "jsonl", "--state", "state"];
    const { stdout, code } = await run(args, lines);
    expect(code).toBe(0);
    const [first = ""] = stdout.split("\n");
    const time = Date.parse(JSON.parse(first).timestamp);
    expect(Math.abs(time - now.getTime())).toBeLessThan(120_000);
  });
});

describe("wrong settings of times", () => {
  it.each([
    [["--time-format", "dd/MM/yyyy HH:mm"], 'Did you mean "%d/%m/%Y %H:%M"?'],
    [["--time-format", "iso"], 'Did you mean "iso8601"?'],
    [["--time-zone", "Berlin"], "must be a zone such as Europe/Berlin"],
    [["--start", "noon"], "a time such as 2024-05-01"],
  ])("%s is a usage error that says what to write", async (options, hint) => {
    const { code, stderr } = await run(["replay", "x.csv", ...options]);
    expect(code).toBe(64);
    expect(stderr).toContain(hint);
  });

  it("in a pipeline file they are faults with their place", async () => {
    const time = "time: { format: dd/MM/yyyy, zone: Berlin, start: noon }";
    const pipeline = `version: 1\nsource: { type: file, path: log.csv, ${time} }\n`;
    await writeFile(join(folder, "p.yaml"), pipeline);
    const { code, stderr } = await run(["check", "p.yaml"]);
    expect(code).toBe(78);
    expect(stderr).toContain('source.time.format: must be a format of times such as "%d/%m/%Y');
    expect(stderr).toContain("source.time.zone: must be a zone such as Europe/Berlin");
    expect(stderr).toContain("source.time.start: must be a time such as 2026-03-01");
  });

  it("a column that the input does not have is named with those that it has", async () => {
    await writeFile(join(folder, "log.csv"), oneDay);
    const pipeline = "version: 1\nsource: { type: file, path: log.csv, time: { columns: tme } }\n";
    await writeFile(join(folder, "p.yaml"), pipeline);
    const { code, stderr } = await run(["replay", "-p", "p.yaml"]);
    expect(code).toBe(78);
    expect(stderr).toContain('source.time.columns: the input has no column "tme"');
    expect(stderr).toContain('Did you mean "time"?');
  });
});
