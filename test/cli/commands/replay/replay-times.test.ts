import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Random } from "../../../support/random.ts";
import { runCli } from "../../../support/run-cli.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const START = Date.UTC(2026, 2, 1);
const DAY = 86_400_000;
const PIPELINE = `version: 1
name: kiln
detectors:
  - { name: too_hot, algorithm: threshold, when: temperature > 40, severity: critical }
  - { name: quiet, algorithm: silent, after: 60s }
  - { name: stuck, algorithm: stuck, column: temperature, after: 5m, tolerance: 0.5 }
`;

/** Ten seconds between two rows of three sensors. */
function rows(): { time: number; sensor: string; temperature: string }[] {
  const random = new Random(3);
  return Array.from({ length: 300 }, (_, i) => ({
    time: START + 10_000 * i,
    sensor: `k-${i % 3}`,
    temperature: (22 + random.normal() + (i % 70 === 69 ? 25 : 0)).toFixed(2),
  }));
}

function csv(all: ReturnType<typeof rows>): string {
  const lines = all.map(
    ({ time, sensor, temperature }) => `${new Date(time).toISOString()},${sensor},${temperature}`,
  );
  return `timestamp,sensor_id,temperature\n${lines.join("\n")}\n`;
}

async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const cwd = await tempFolder();
  for (const [name, text] of Object.entries({ "kiln.yaml": PIPELINE, ...files })) {
    await writeFile(join(cwd, name), text);
  }
  return cwd;
}

const replay = async (cwd: string, file: string, ...more: string[]) => {
  const args = ["replay", file, "-p", "kiln.yaml", "--format", "jsonl", "--scores", "s.jsonl"];
  const { code, stdout, stderr } = await runCli([...args, ...more], { cwd });
  expect(code, stderr).toBe(0);
  return { stdout, stderr, scores: await readFile(join(cwd, "s.jsonl"), "utf8") };
};

describe("a replay of a recording with a wrong time", () => {
  it("gives the same as one in which its line is rejected, also with two workers, --from and --to", async () => {
    const wrong = rows().map((row, i) =>
      i === 100 ? { ...row, time: Date.UTC(2090, 0, 1) } : row,
    );
    const bad = csv(wrong);
    const broken = bad.replace(/^2090-.*$/m, "no time,k-1,20");
    const cwd = await folder({ "bad.csv": bad, "broken.csv": broken });
    const to = new Date(START + 2_000_000).toISOString();
    for (const more of [[], ["--workers", "2"], ["--from", to], ["--to", to]]) {
      const { stdout, scores } = await replay(cwd, "bad.csv", ...more);
      const expected = await replay(cwd, "broken.csv", ...more);
      expect(scores.length).toBeGreaterThan(1000);
      expect({ stdout, scores }).toEqual({ stdout: expected.stdout, scores: expected.scores });
    }
  });

  it("reports the reading, and clocks that were set", async () => {
    const wrong = rows().map((row, i) => {
      const ahead = i === 100 ? 3000 * DAY : i % 3 === 2 && i < 200 ? 40 * DAY : 0;
      return { ...row, time: row.time + ahead };
    });
    const cwd = await folder({ "bad.csv": csv(wrong) });
    const { stderr } = await replay(cwd, "bad.csv", "--rejects", "rejects.jsonl");
    expect(stderr).toContain("1 row rejected: 1 time ahead");
    expect(stderr).toMatch(
      /bad\.csv row 101 2034-\S+ is 2999d 23h ahead of 2026-\S+, and the next/,
    );
    expect(stderr).toMatch(/the clock of k-2 was set back by 39d 23h, to 2026-/);
    const [reject] = (await readFile(join(cwd, "rejects.jsonl"), "utf8")).split("\n");
    expect(JSON.parse(reject ?? "")).toMatchObject({ row: 101, reason: "time ahead" });
    const json = await runCli(["replay", "bad.csv", "-p", "kiln.yaml", "--format", "json"], {
      cwd,
    });
    expect(JSON.parse(json.stdout)).toMatchObject({ readings: 299, rejected: 1, clock_steps: 1 });
  });

  it("uses both readings around a gap of the only sensor", async () => {
    const gap = rows()
      .filter(({ sensor }) => sensor === "k-0")
      .map((row, i) => ({ ...row, time: row.time + (i < 50 ? 0 : 31 * DAY) }));
    const cwd = await folder({ "gap.csv": csv(gap) });
    const { stderr, scores } = await replay(cwd, "gap.csv");
    expect(stderr).not.toContain("rejected");
    const order = scores
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line).row);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });
});

describe("clocks of sensors", () => {
  it("are reported to the sinks with --send, once for an hour that all repeat", async () => {
    const wrong = rows().map(({ time, ...row }, i) => {
      const ahead = i === 100 || (i % 3 === 2 && i < 150) ? 40 * DAY : 0;
      return { ...row, time: time + ahead - (i < 180 ? 0 : 3_600_000) };
    });
    const pipeline = `${PIPELINE}alerts: { labels: { site: north } }\nsinks: [{ type: file, path: sent.jsonl }]\n`;
    const cwd = await folder({ "bad.csv": csv(wrong), "kiln.yaml": pipeline });
    for (let run = 0; run < 2; run++) {
      const { stderr } = await replay(cwd, "bad.csv", "--send");
      expect(stderr.match(/goes back by an hour/g)).toHaveLength(1);
    }
    const sent = (await readFile(join(cwd, "sent.jsonl"), "utf8")).split("\n").slice(0, -1);
    const own = sent
      .map((line) => JSON.parse(line))
      .filter(({ detector }) => detector === "iotmon");
    for (const { labels } of own) expect(labels).toMatchObject({ site: "north" });
    const brief = own.map(
      ({ labels, sensor_id, status }) => `${labels.event} ${sensor_id} ${status}`,
    );
    expect(brief.sort()).toEqual([
      "clock_ahead k-1 firing",
      "clock_ahead k-1 resolved",
      "clock_ahead k-2 firing",
      "clock_ahead k-2 resolved",
      "clock_step k-0 firing",
      "clock_step k-2 firing",
    ]);
  });

  it("do not delay a replay with --speed", async () => {
    const wrong = rows().map((row, i) =>
      i === 100 ? { ...row, time: Date.UTC(2090, 0, 1) } : row,
    );
    const cwd = await folder({ "bad.csv": csv(wrong) });
    const { stderr } = await replay(cwd, "bad.csv", "--speed", "100000x");
    expect(stderr).toContain("1 row rejected: 1 time ahead");
  });
});

it("source.time.lateness processes late readings in order of time", async () => {
  const random = new Random(9);
  const sorted = rows();
  const late = sorted
    .map((row) => ({ row, arrival: row.time + 60_000 * random.uniform() }))
    .sort((a, b) => a.arrival - b.arrival)
    .map(({ row }) => row);
  const cwd = await folder({ "late.csv": csv(late), "sorted.csv": csv(sorted) });
  const text = (scores: string): string => scores.replaceAll(/"row":\d+,/g, "");
  const wanted = await replay(cwd, "sorted.csv");
  const unsorted = await replay(cwd, "late.csv");
  expect(text(unsorted.scores)).not.toBe(text(wanted.scores));
  await writeFile(
    join(cwd, "kiln.yaml"),
    `${PIPELINE}source: { type: file, path: late.csv, time: { lateness: 1m } }\n`,
  );
  for (const workers of ["1", "2"]) {
    const { stdout, scores } = await replay(cwd, "late.csv", "--workers", workers);
    expect(text(scores)).toBe(text(wanted.scores));
    expect(stdout).toBe(wanted.stdout);
  }
});
