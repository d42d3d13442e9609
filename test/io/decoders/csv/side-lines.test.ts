import { expect, it } from "vitest";
import { readCsv } from "../../../support/read-csv.ts";

const readings = Array.from({ length: 30 }, (_, i) => {
  const second = String(i).padStart(2, "0");
  return `2026-01-01T00:00:${second}Z,p1,${20 + (i % 7)}.5`;
});
const header = "time,sensor,temp";

/** Number of readings, and the line and reason of each reject. */
async function read(...lines: readonly string[]) {
  const { rows, rejects } = await readCsv(`${lines.join("\n")}\n`);
  return { rows: rows.length, rejects: rejects.map(({ line, reason }) => [line, reason]) };
}

it("words below a table are no rejects", async () => {
  const footer = ["", "End of data", "Exported by,logger"];
  expect(await read(header, ...readings, ...footer)).toEqual({ rows: 30, rejects: [] });
});

it("a reading that breaks off at the end is one", async () => {
  for (const last of ["2026-01-01T00:00:30Z,p1", "2026-01-01T00:00:30Z", "p1,21.5"]) {
    const { rejects } = await read(header, ...readings, last);
    expect(rejects).toEqual([[32, "cell count"]]);
  }
});

it("words between readings, and more than twenty lines of them below, are rejects", async () => {
  const among = await read(header, ...readings.slice(0, 20), "Restarted", ...readings.slice(20));
  expect(among).toEqual({ rows: 30, rejects: [[22, "cell count"]] });
  const many = Array.from({ length: 21 }, () => "out of paper");
  expect((await read(header, ...readings, ...many)).rejects).toHaveLength(21);
});

it("comments are no rejects, and take no time in an input without times", async () => {
  const rows = readings.map((line) => line.slice(21));
  const comments = ["# service: p1, 12", "// 1, 2, 3", "#"];
  const lines = ["sensor,temp", ...rows.slice(0, 9), ...comments, ...rows.slice(9)];
  const { rows: read, rejects } = await readCsv(`${lines.join("\n")}\n`);
  expect(rejects).toEqual([]);
  expect(read.map(({ timestamp }) => timestamp)).toEqual(read.map((_, i) => 1000 * i));
});

it("readings may begin with #", async () => {
  const rows = readings.map((line, i) => `#${i % 3},${line.slice(24)}`);
  const { rows: read, rejects } = await readCsv(`sensor_id,temp\n${rows.join("\n")}\n#1,high\n`);
  expect([read.length, rejects.map(({ reason }) => reason)]).toEqual([30, ["not a number"]]);
});
