// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what the user has to write
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { ReportData } from "../../../../src/report/data/report-data.ts";
import { recording } from "../../../support/recording.ts";
import { folderWith, runCli, runProgram } from "../../../support/run-cli.ts";

const EVIL = `<img src=x onerror=alert(1)></script><script>alert(2)</script>`;

let folder = "";
beforeAll(async () => {
  const text = recording({ rows: 3000, labelled: true, jumps: [900, 1500, 1520, 2500] });
  folder = await folderWith({
    "a.csv": text,
    "evil.csv": text.replaceAll("pump-1", `"${EVIL}"`),
    "secret.yaml": [
      "version: 1",
      "buffer: { key: device, schema: { time: datetime, device: str, temperature: float } }",
      "detectors: [{ name: d, algorithm: ecod, features: [temperature] }]",
      "sinks:",
      "  - type: webhook",
      "    url: https://example.org/${PART:-hush2}",
      "    secret: ${HUSH}",
      '    headers: { authorization: "${HUSH}" }',
      "",
    ].join("\n"),
  });
});

const report = (name: string): Promise<string> => readFile(join(folder, name), "utf8");

async function write(name: string, ...args: readonly string[]): Promise<string> {
  const { code, stderr } = await runCli(["replay", ...args, "-q", "--report", name], {
    cwd: folder,
    env: { HUSH: "hush4hush4hush4hush4hush4hush4hush4" },
  });
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return report(name);
}

/** The data in the report. */
function dataOf(html: string): ReportData {
  const [, text = ""] =
    /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html) ?? [];
  return JSON.parse(text) as ReportData;
}

describe("iotmon replay --report", () => {
  it("writes one file with all results that loads nothing", async () => {
    const html = await write("one.html", "a.csv");
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).toContain("default-src &#39;none&#39;");
    expect(html).not.toMatch(/<(?:link|img|iframe)|\ssrc=|@import|url\(/);
    const data = dataOf(html);
    const { stdout } = await runCli(["replay", "a.csv", "-q", "--format", "json"], { cwd: folder });
    const { episodes, sensors, columns: _, labels, ...result } = JSON.parse(stdout);
    // false alerts are among the alerts, and the worst missed event comes first
    const [found] = labels;
    const byPeak = (events: readonly { peak_anomaly_score: number }[]) =>
      [...events].sort((a, b) => b.peak_anomaly_score - a.peak_anomaly_score);
    const missed_events = byPeak(found.missed_events);
    const own = { ...found, false_alerts: [], missed_events };
    expect(data.result).toEqual({ ...result, labels: [own] });
    expect(data.episodes.reasons.map((reason) => reason?.why)).toEqual(
      episodes.map(({ why }: { why: string }) => why),
    );
    expect(
      data.sensors.map(({ series: __, name, ...rest }) => ({ sensor_id: name, ...rest })),
    ).toEqual(sensors);
    expect(data.label).toBe("anomaly");
    expect(data.columns).toEqual(["temperature", "pressure"]);
    expect(data.settings).toContain("algorithm: ecod");
    expect(data.detectors[0]?.distribution.reduce((sum, count) => sum + count, 0)).toBe(
      result.detectors[0].scored,
    );
    expect((await readdir(folder)).filter((name) => name.includes("partial"))).toEqual([]);
  });

  it("gives the same bytes with any number of workers and any path", async () => {
    const first = await write("first.html", "a.csv", "--workers", "1");
    expect(await write("second.html", "a.csv", "--workers", "2")).toBe(first);
    await mkdir(join(folder, "sub"), { recursive: true });
    expect(await write("sub/third.html", "a.csv", "--scores", "scores.csv")).toBe(first);
  });

  it("shows how to reproduce it, with the hash of each input", async () => {
    const options = ["--from", "2024-03-01T01:00:00Z", "--zone", "+01:00"];
    const html = await write("two.html", "a.csv", "evil.csv", ...options);
    const { command, versions, inputs } = dataOf(html).reproduction;
    expect(command).toBe(
      "iotmon replay a.csv evil.csv --from 2024-03-01T01:00:00.000Z --zone +01:00 --report report.html",
    );
    expect(versions["Node"]).toBe(process.versions.node);
    expect(inputs.map(({ name }) => name)).toEqual(["a.csv", "evil.csv"]);
    for (const { sha256 } of inputs) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("has no hash of stdin", async () => {
    const html = join(folder, "stdin.html");
    const input = recording({ rows: 500 });
    const { code } = await runProgram(["replay", "-", "-q", "--report", html], {
      cwd: folder,
      input,
    });
    expect(code).toBe(0);
    expect(dataOf(await readFile(html, "utf8")).reproduction.inputs).toEqual([
      { name: "stdin", bytes: null, sha256: null },
    ]);
  });

  it("escapes texts of a recording", async () => {
    const html = await write("evil.html", "evil.csv");
    expect(dataOf(html).sensors.map(({ name }) => name)).toContain(EVIL);
    expect(html).not.toContain("<img");
    expect(html.match(/<script/g)).toHaveLength(3); // the data, the charts, the page
  });

  it("shows no secret", async () => {
    const html = await write("secret.html", "a.csv", "-p", "secret.yaml");
    expect(html).not.toContain("hush");
    const { settings } = dataOf(html);
    expect(settings).toContain("secret: ${HUSH}");
    expect(settings).toContain("url: https://example.org/…");
  });

  it("keeps an earlier report, and removes its partial file, when a run fails", async () => {
    const before = await write("kept.html", "a.csv");
    const args = ["replay", "a.csv", "-q", "--report", "kept.html", "--to", "2000-01-01"];
    expect((await runCli(args, { cwd: folder })).code).toBe(65);
    expect(await report("kept.html")).toBe(before);
    expect((await readdir(folder)).filter((name) => name.includes("partial"))).toEqual([]);
  });

  it("reports an unwritable path before it reads anything", async () => {
    const run = await runCli(["replay", "a.csv", "--report", "nowhere/x.html"], { cwd: folder });
    expect(run.code).toBe(73);
    expect(run.stderr).toContain("the report can't be written: there is no folder nowhere");
    expect(run.stdout).toBe("");
  });

  it("writes one per recording with --each", async () => {
    const each = ["replay", "a.csv", "evil.csv", "-q", "--each", "--report"];
    expect((await runCli([...each, "same.html"], { cwd: folder })).code).toBe(64);
    expect((await runCli([...each, "{stem}.each.html"], { cwd: folder })).code).toBe(0);
    const inputs = await Promise.all(
      ["a", "evil"].map(async (stem) => dataOf(await report(`${stem}.each.html`)).result["inputs"]),
    );
    expect(inputs).toEqual([["a.csv"], ["evil.csv"]]);
  });
});
