import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runCli } from "../support/run-cli.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { createRecording } from "./layouts/recording.ts";
import { writeTable } from "./layouts/table.ts";
import * as times from "./layouts/times.ts";

it.each([
  ["ISO 8601", undefined],
  ["day first with slashes", times.pattern("DD/MM/YYYY HH:mm:ss")],
  ["month first, 12 hours", times.pattern("M/D/YY hh:mm:ss A")],
  ["date and time of day", times.dateAndTime()],
  ["seconds since 1970", times.epoch(1000)],
])(
  "%s with the newest reading first is refused, with the command that turns it",
  async (_, time) => {
    const table = writeTable(createRecording({ sensors: ["p1", "p2"] }), {
      ...(time === undefined ? {} : { time }),
      change: ({ header, rows }) => ({ header, rows: rows.toReversed() }),
    });
    const file = join(await tempFolder(), "plant.csv");
    await writeFile(file, table);
    const { code, stderr } = await runCli(["replay", file]);
    expect(code).toBe(65);
    expect(stderr).toContain("the newest reading is first");
    expect(stderr).toContain("(head -n 1 FILE; tail -n +2 FILE | tac)");
  },
);

it("a day whose month and day are equal is read, whatever follows", async () => {
  const folder = await tempFolder();
  const lines = Array.from({ length: 60 }, (_, i) => `03/03/2026 09:${i < 10 ? "0" : ""}${i},21.5`);
  const file = join(folder, "day.csv");
  await writeFile(file, `time,temp\n${lines.join("\n")}\n`);
  const { code, stdout } = await runCli(["replay", file, "--format", "json"]);
  expect(code).toBe(0);
  expect(stdout).toContain("2026-03-03T09:59:00.000Z");
  await writeFile(file, `time,temp\n${[...lines, "04/03/2026 09:00,21.5"].join("\n")}\n`);
  const later = await runCli(["replay", file, "--format", "json"]);
  expect(later.stdout).toContain("2026-03-04T09:00:00.000Z");
});
