import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../../../support/run-cli.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const START = Date.UTC(2020, 2, 1);
const DAY = 86_400_000;
const PIPELINE = `version: 1
name: kiln
detectors:
  - { name: quiet, algorithm: silent, after: 60s }
sinks: [{ type: file, path: sent.jsonl }]
`;

/** Lines of three sensors in turn, 10 s apart. @param timeOf Changes the time of a line. */
async function watch(timeOf: (time: number, i: number) => number) {
  const cwd = await tempFolder();
  await writeFile(join(cwd, "kiln.yaml"), PIPELINE);
  const lines = Array.from({ length: 90 }, (_, i) => {
    const time = new Date(timeOf(START + 10_000 * i, i)).toISOString();
    return `${time},k-${i % 3},${20 + (i % 7)}\n`;
  });
  const input = `timestamp,sensor_id,temperature\n${lines.join("")}`;
  const args = ["watch", "-", "-p", "kiln.yaml", "--state", "state"];
  const { code, stderr } = await runCli(args, { cwd, input });
  expect(code, stderr).toBe(0);
  const sent = await readFile(join(cwd, "sent.jsonl"), "utf8").catch(() => "");
  const bodies = sent.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
  return {
    totals: stderr.trim().split("\n").at(-1),
    // the order of messages about different things is not defined
    sent: bodies
      .map(({ detector, labels, sensor_id, status }) =>
        [labels.event ?? detector, sensor_id, status].join(" "),
      )
      .sort(),
  };
}

describe("watch", () => {
  it("sends messages about a sensor that runs ahead until its clock is set, and counts them", async () => {
    const ahead = (i: number): number => (i % 3 === 2 && i < 60 ? 40 * DAY : 0);
    const { totals, sent } = await watch((time, i) => time + ahead(i));
    expect(totals).toBe("90 readings, 1 clock step, 1 clock ahead");
    expect(sent).toEqual([
      "clock_ahead k-2 firing",
      "clock_ahead k-2 resolved",
      "clock_step k-2 firing",
    ]);
  });

  it("rejects a reading from the future, and no sensor counts as silent", async () => {
    const { totals, sent } = await watch((time, i) => (i === 50 ? Date.UTC(2090, 0, 1) : time));
    expect(totals).toBe("89 readings, 1 line rejected (1 time ahead), 1 clock ahead");
    expect(sent).toEqual(["clock_ahead k-2 firing", "clock_ahead k-2 resolved"]);
  });

  it("takes a sensor that begins in 1970 as one whose clock is set later", async () => {
    const { totals, sent } = await watch((time, i) => (i % 3 === 2 && i < 30 ? 10_000 * i : time));
    expect(totals).toBe("90 readings, 1 clock step");
    expect(sent).toEqual(["clock_step k-2 firing"]);
  });

  it("tells once that an hour repeats", async () => {
    const { totals, sent } = await watch((time, i) => time + (i < 60 ? 50 : -10) * 60_000);
    expect(totals).toBe("90 readings, 1 clock step");
    expect(sent.filter((text) => text.startsWith("clock"))).toEqual(["clock_step k-0 firing"]);
  });
});
