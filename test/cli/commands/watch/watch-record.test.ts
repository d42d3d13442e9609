import { once } from "node:events";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Random } from "../../../support/random.ts";
import { runCli } from "../../../support/run-cli.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { WatchProcess } from "../../../support/watch-process.ts";

const PIPELINE = `version: 1
name: kiln
features:
  - { name: temp_mean_10, column: temperature, function: mean, window: 10 }
detectors:
  - { name: anomaly, algorithm: ecod, features: [temperature, temp_mean_10], warmup_period: 60, contamination: 0.02 }
  - { name: too_hot, algorithm: threshold, when: temperature > 40, severity: critical }
  - { name: still_hot, algorithm: threshold, when: temperature > 40, alerts: { for: 1s } }
  - { name: quiet, algorithm: silent, after: 3s }
alerts: { cooldown: 2s, resolve_after: 3 }
`;

const temperature = (random: Random, i: number): string =>
  ((i % 83 > 79 ? 47 : 22) + random.normal() / 2).toFixed(2);

async function kiln(): Promise<string> {
  const cwd = await tempFolder();
  await writeFile(join(cwd, "kiln.yaml"), PIPELINE);
  return cwd;
}

function split(output: string): { readonly scores: string; readonly alerts: string } {
  const lines = output.split("\n").slice(0, -1);
  const text = (some: readonly string[]): string => some.map((line) => `${line}\n`).join("");
  const own = lines.filter((line) => JSON.parse(line).detector !== "iotmon");
  return {
    scores: text(own.filter((line) => line.startsWith('{"row"'))),
    alerts: text(own.filter((line) => !line.startsWith('{"row"'))),
  };
}

/** Compares a replay of `rec` with the live output. */
async function expectSame(cwd: string, live: string, rec: string): Promise<void> {
  const { scores, alerts } = split(live);
  for (const [i, workers] of ["1", "2"].entries()) {
    const file = `scores-${i}.jsonl`;
    const args = ["replay", rec, "--format", "jsonl", "--scores", file, "--workers", workers];
    const replayed = await runCli(args, { cwd });
    expect(replayed.code, replayed.stderr).toBe(0);
    expect(await readFile(join(cwd, file), "utf8")).toBe(scores);
    expect(replayed.stdout).toBe(alerts);
  }
}

describe("iotmon watch --record", () => {
  it.each([
    ["as readings arrive", ""],
    ["in order of time", "source: { type: stdin, time: { lateness: 1s } }\n"],
  ])(
    "writes a recording whose replay gives the same scores and alerts %s, with and without timestamps, and with silence",
    async (_, source) => {
      const cwd = await kiln();
      await writeFile(join(cwd, "kiln.yaml"), PIPELINE + source);
      const random = new Random(11);
      await writeFile(join(cwd, "b.log"), "");
      const args = ["-", "b.log", "-p", "kiln.yaml", "--all", "--format", "jsonl"];
      const watch = new WatchProcess([...args, "--record", "rec.jsonl.gz"], cwd);
      const { child } = watch;
      let live = "";
      child.stdout?.on("data", (chunk: Buffer) => {
        live += chunk.toString();
      });
      const ended = once(child, "close");
      const silences = (): number =>
        watch.lines.filter((line) => /"quiet".*"firing"|"firing".*"quiet"/.test(line)).length;
      const untilSilent = async (): Promise<void> => {
        const before = silences();
        await watch.until(() => silences() > before);
        await sleep(1500); // other sensors, and silence
      };
      for (let round = 0; round < 8; round++) {
        const numbers = Array.from({ length: 25 }, (_, k) => 25 * round + k);
        const plain = numbers.map((i) => `{"temperature":${temperature(random, i)}}\n`);
        const timed = numbers.map((i) => {
          const value = temperature(random, i);
          return `{"timestamp":"${new Date().toISOString()}","sensor_id":"k-${i % 2}","temperature":${value}}\n`;
        });
        child.stdin?.write(plain.join(""));
        await appendFile(join(cwd, "b.log"), `${timed.join("")}{"temperature":"bad\n`);
        await (round === 5 ? untilSilent() : sleep(250));
      }
      await untilSilent();
      child.kill("SIGTERM");
      await ended;
      const text = gunzipSync(await readFile(join(cwd, "rec.jsonl.gz"))).toString();
      expect(text).toContain('"tick":');
      expect(split(live).alerts).toContain('"quiet"');
      await expectSame(cwd, live, "rec.jsonl.gz");
    },
  );

  it("writes a recording in which implausible values are missing too; watch reports them", async () => {
    const cwd = await kiln();
    await writeFile(
      join(cwd, "kiln.yaml"),
      `${PIPELINE}buffer: { columns: { temperature: { unit: °C, min: -40, max: 85 } } }\n`,
    );
    const random = new Random(5);
    const input = Array.from({ length: 200 }, (_, i) => {
      const value = i >= 90 && i < 110 && i % 3 > 0 ? "-127" : temperature(random, i);
      return `{"timestamp":"${new Date(1.77e12 + 1000 * i).toISOString()}","temperature":${value}}\n`;
    }).join("");
    const args = ["watch", "-", "-p", "kiln.yaml", "--all", "--format", "jsonl"];
    const watched = await runCli([...args, "--record", "a.rec"], { cwd, input });
    expect(watched.code, watched.stderr).toBe(0);
    const messages = watched.stdout.split("\n").filter((line) => line.includes('"implausible"'));
    const alerts = split(watched.stdout).alerts.split("\n");
    expect(messages.map((line) => JSON.parse(line).explanation.summary)).toEqual([
      "stdin: temperature: -127 °C is below -40 °C: taken as missing",
      "stdin: temperature: values are plausible again; 13 were not, -127",
    ]);
    await expectSame(cwd, watched.stdout, "a.rec");
    const reason = JSON.parse(alerts.find((line) => line.includes('"too_hot"')) ?? "").explanation;
    expect(reason.summary).toMatch(/temperature 4\d\.\d+ °C: temperature > 40/);
    const scored = JSON.parse(alerts.find((line) => line.includes('"anomaly"')) ?? "").explanation;
    expect(scored.contributions[0]).toMatchObject({ unit: "°C" });
    const table = await runCli(["replay", "a.rec", "--no-color"], { cwd });
    expect(table.stdout).toMatch(/temperature 4\d\.\d+ °C/);
  });

  it("writes a recording whose replay believes the same times; watch reports the others", async () => {
    const cwd = await kiln();
    const random = new Random(7);
    const day = 86_400_000;
    const timeOf = (i: number): number => {
      if (i === 60) return Date.UTC(2090, 0, 1); // too far ahead of its arrival
      const ahead = i === 90 ? 10 * day : i >= 150 && i < 250 && i % 3 === 2 ? 20 * day : 0;
      return 1.77e12 + 1000 * i + ahead;
    };
    const input = Array.from({ length: 300 }, (_, i) => {
      const time = new Date(timeOf(i)).toISOString();
      return `{"timestamp":"${time}","sensor_id":"k-${i % 3}","temperature":${temperature(random, i)}}\n`;
    }).join("");
    const args = ["watch", "-", "-p", "kiln.yaml", "--all", "--format", "jsonl"];
    const watched = await runCli([...args, "--record", "a.rec"], { cwd, input });
    expect(watched.code, watched.stderr).toBe(0);
    expect(watched.stderr).toContain("298 readings, 2 lines rejected (2 time ahead)");
    const lines = watched.stdout.split("\n").slice(0, -1);
    const messages = lines
      .map((line) => JSON.parse(line))
      .filter(({ detector }) => detector === "iotmon");
    const of = (sensor: string): string[] =>
      messages
        .filter(({ sensor_id }) => sensor_id === sensor)
        .map(({ labels, status }) => `${labels.event} ${status}`);
    expect(of("k-0")).toEqual(["clock_ahead firing", "clock_ahead resolved"]);
    expect(of("k-2")).toEqual(["clock_ahead firing", "clock_ahead resolved", "clock_step firing"]);
    await expectSame(cwd, watched.stdout, "a.rec");
  });

  it("replays a truncated recording up to its end", async () => {
    const cwd = await kiln();
    const random = new Random(3);
    const input = Array.from(
      { length: 300 },
      (_, i) =>
        `{"timestamp":"${new Date(1.77e12 + 1000 * i).toISOString()}","temperature":${temperature(random, i)}}\n`,
    ).join("");
    const args = [
      "watch",
      "-",
      "-p",
      "kiln.yaml",
      "--all",
      "--format",
      "jsonl",
      "--record",
      "a.rec",
    ];
    const watched = await runCli(args, { cwd, input });
    expect(watched.code, watched.stderr).toBe(0);
    await expectSame(cwd, watched.stdout, "a.rec");
    const whole = await readFile(join(cwd, "a.rec"));
    await writeFile(join(cwd, "cut.rec"), whole.subarray(0, whole.length - 20));
    const cut = await runCli(["replay", "cut.rec", "--scores", "cut.jsonl"], { cwd });
    expect(cut.code, cut.stderr).toBe(0);
    const { scores } = split(watched.stdout);
    const kept = await readFile(join(cwd, "cut.jsonl"), "utf8");
    expect(kept.length).toBeGreaterThan(1000);
    expect(kept.length).toBeLessThan(scores.length);
    expect(scores.startsWith(kept)).toBe(true);
  });

  it("continues in a new file after a crash, and leaves other files unchanged", async () => {
    const cwd = await kiln();
    const random = new Random(3);
    const line = (i: number): string =>
      `{"timestamp":"${new Date(1.77e12 + 1000 * i).toISOString()}","temperature":${temperature(random, i)}}\n`;
    const args = ["-", "-p", "kiln.yaml", "--all", "--format", "jsonl", "--record", "a.jsonl.gz"];
    const first = new WatchProcess(args, cwd);
    for (let i = 0; i < 150; i++) first.write(line(i));
    await first.until(() => first.stdout.includes('{"row":150,'));
    await sleep(3000); // newer entries may be missing
    await first.stop("SIGKILL");
    const second = new WatchProcess(args, cwd);
    for (let i = 150; i < 300; i++) second.write(line(i));
    await second.until(() => second.stdout.includes('{"row":300,'));
    expect(await second.stop("SIGTERM"), second.stderr).toBe(0);
    expect(second.stderr).toContain("a.jsonl.gz exists already: recording to a.2.jsonl.gz");
    const cut = await runCli(["replay", "a.jsonl.gz", "--format", "csv"], { cwd });
    expect(cut.code, cut.stderr).toBe(0);
    const more = await runCli(["replay", "a.2.jsonl.gz", "--scores", "2.jsonl"], { cwd });
    expect(more.code, more.stderr).toBe(0);
    expect(more.stderr).toContain("started with a warm state");
    expect((await readFile(join(cwd, "2.jsonl"), "utf8")).split("\n")[0]).toContain('"row":151,');
    await writeFile(join(cwd, "mine.jsonl"), "precious\n");
    const refused = await runCli(["watch", "-", "--record", "mine.jsonl"], { cwd, input: line(0) });
    expect(refused.code).toBe(73);
    expect(refused.stderr).toContain("it exists already");
    expect(await readFile(join(cwd, "mine.jsonl"), "utf8")).toBe("precious\n");
  });
});
