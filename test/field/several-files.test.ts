import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runCli } from "../support/run-cli.ts";
import { tempFolder } from "../support/temp-folder.ts";

const START = Date.UTC(2026, 2, 1);

/** A file of readings a minute apart, from a minute on. */
function table(from: number, rows = 300): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const time = new Date(START + 60_000 * (from + i)).toISOString();
    return `${time},${20 + ((i * 37) % 11) / 10}`;
  });
  return `time,temp\n${lines.join("\n")}\n`;
}

/** The sensors of a replay of files, and its line about them. */
async function sensorsOf(files: Readonly<Record<string, string>>) {
  const cwd = await tempFolder();
  const paths = Object.keys(files).map((name) => join(cwd, name));
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
  const { code, stdout, stderr } = await runCli(["replay", ...paths, "--format", "json"]);
  expect(code, stderr).toBe(0);
  const { sensors } = JSON.parse(stdout) as { sensors: readonly { readonly sensor_id: string }[] };
  const names = sensors.map(({ sensor_id }) => sensor_id).sort();
  return { names, line: /sensors: .*/.exec(stderr)?.[0] };
}

it("files whose times overlap are a sensor each", async () => {
  expect(await sensorsOf({ "hall.csv": table(0), "kitchen.csv": table(150) })).toEqual({
    names: ["hall", "kitchen"],
    line: "sensors: named by the files, whose times overlap, 2: hall, kitchen",
  });
});

it("so are large files, of which only the ends are read", async () => {
  const files = { "a.csv": table(0, 60_000), "b.csv": table(59_000, 60_000) };
  expect((await sensorsOf(files)).names).toEqual(["a", "b"]);
});

it("files that follow one another are one stream, in any order", async () => {
  const line = 'sensors: one, "b": no column names it, and the files are one stream';
  expect(await sensorsOf({ "b.csv": table(0), "a.csv": table(300) })).toEqual({
    names: ["b"],
    line,
  });
});

it("a column that names the sensor decides", async () => {
  const keyed = (text: string) =>
    text
      .split("\n")
      .map((row, i) => (row === "" ? row : `${row},${i === 0 ? "sensor_id" : "p1"}`))
      .join("\n");
  const files = { "a.csv": keyed(table(0)), "b.csv": keyed(table(100)) };
  expect((await sensorsOf(files)).names).toEqual(["p1"]);
});
