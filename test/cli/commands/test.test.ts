// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of pipelines are written like that
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../../support/markdown.ts";
import { folderWith, runCli, runProgram } from "../../support/run-cli.ts";

const pipeline = [
  "version: 1",
  "name: pump",
  "buffer: { schema: { timestamp: datetime, sensor_id: str, pressure: float }, key: sensor_id }",
  "detectors:",
  "  - { name: too_high, algorithm: threshold, when: pressure > 5, severity: warning }",
  "alerts: { cooldown: 0s, resolve_after: 2, labels: { team: hall } }",
  "sinks:",
  '  - { type: webhook, name: signed, url: "${URL}", secret: "${SECRET}" }',
  '  - { type: webhook, name: plain, url: "${URL}", headers: { authorization: "${SECRET}" } }',
  '  - { type: slack, url: "${URL}" }',
].join("\n");

const env = '    env: { URL: "http://127.0.0.1:9/x", SECRET: whsec_c2VjcmV0 }';

const test = (...lines: string[]): string =>
  [
    "pipeline: pump.yaml",
    "tests:",
    "  - name: the pressure rises",
    env,
    "    series: { pressure: 3~0.1x10 6x3 3~0.1x10 }",
    ...lines.map((line) => `    ${line}`),
  ].join("\n");

async function run(file: string, ...args: string[]) {
  const folder = await folderWith({ "pump.yaml": pipeline, "pump.test.yaml": file });
  const result = await runCli(["test", "pump.test.yaml", ...args], { cwd: folder });
  return { ...result, folder };
}

describe("iotmon test", () => {
  it("runs the tests that belong to a pipeline file", async () => {
    const { code, stdout, stderr } = await runProgram(
      ["test", "fixtures/pipelines/greenhouse.yaml"],
      {
        cwd: ROOT,
      },
    );
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/6 tests: 6 passed\n$/);
  });

  it("shows what differs, the nearest alert and the scores around it", async () => {
    const { code, stdout } = await run(
      test(
        "expect:",
        "  alerts:",
        "    - { row: 11, severity: critical, detector: too_high }",
        "    - { status: resolved, row: 15 }",
      ),
    );
    expect(code).toBe(1);
    expect(stdout).toBe(
      [
        "pump.test.yaml",
        "  ✗ the pressure rises",
        "    pump.test.yaml:8:11: the alert is not as expected",
        "      expected  firing critical too_high at row 11",
        "      actual    firing warning too_high of sensor-1 at row 11 at 2024-01-01T00:10:00Z",
        "      severity  expected critical, got warning",
        "      scores of sensor-1, too_high",
        ...[8, 9, 10].map((row) => `        row ${String(row).padEnd(6)} 0.000`),
        ...[11, 12, 13].map((row) => `        row ${row}     1.000 anomalous`),
        "        row 14     0.000",
        "1 test: 0 passed, 1 failed",
        "",
      ].join("\n"),
    );
  });

  it.each([
    ["an alert too many", ["alerts: none"], "expected no alerts, got 2"],
    ["a wrong number", ["alerts: 2"], "expected 2 alerts, got 1"],
    ["an alert that no entry expects", ["alerts: []"], "no entry expects this alert"],
    ["one that never came", ["alerts: [{ row: 11 }, { row: 20 }]"], "there is no alert like this"],
    ["a wrong time", ['alerts: [{ at: "2024-01-01T00:15:00Z", within: 4m }]'], "within 4m"],
    [
      "a wrong reason",
      ["alerts: [{ reasons: [temperature] }]"],
      "expected temperature, got pressure > 5",
    ],
    ["a score", ["scores: [{ row: 9..12, max: 0.5 }]"], "2 of 4 scores are not as expected"],
    ["a row that is not there", ["scores: [{ row: 99, max: 1 }]"], "no row like this was scored"],
    ["a reject", ["rejects: 1"], "expected 1 rejected row, got 0"],
    [
      "a body",
      ["sinks: { plain: [{ body: { labels: { team: roof } } }] }"],
      'expected "roof", got "hall"',
    ],
    ["a message", ["sinks: { slack: 3 }"], "expected 3 messages, got 2"],
    [
      "a signature",
      ["sinks: { plain: [{ headers: { webhook-signature: /v1/ } }] }"],
      "expected /v1/, got absent",
    ],
  ])("fails for %s", async (_, lines, shown) => {
    const { code, stdout } = await run(test("expect:", ...lines.map((line) => `  ${line}`)));
    expect(stdout).toContain(shown);
    expect(code).toBe(1);
  });

  it("checks sink requests, signed and unsigned, and shows no secret", async () => {
    const good = test(
      "expect:",
      "  sinks:",
      "    signed:",
      '      - { headers: { webhook-signature: "/^v1,/", webhook-timestamp: "1704067800" }, body: { status: firing } }',
      "    plain:",
      "      - { headers: { webhook-signature: null }, body: { reading: { pressure: 6 }, resolved_at: null } }",
      "    slack:",
      "      - { body: { text: /Warning/ } }",
    );
    const { code, stdout } = await run(good);
    expect(stdout).toContain("✓ the pressure rises");
    expect(code).toBe(0);
    const bad = await run(
      test("expect: { sinks: { plain: [{ headers: { authorization: x } }] } }"),
    );
    expect(bad.stdout).toContain("got another text (not shown)");
    expect(bad.stdout).not.toContain("c2VjcmV0");
  });

  it("reports faults at their places, with suggestions", async () => {
    const { code, stdout, stderr } = await run(
      [
        "pipeline: pump.yaml",
        "tests:",
        "  - name: a",
        env,
        "    series: { pressure: 3x5 4q2 }",
        "    expect: { alerts: [{ detector: too_hihg }], sinks: { signd: 1 } }",
        "  - name: b",
        "    series: { pressure: 0x10 }",
        "  - name: b",
        "    rows: []",
        "    input: x",
        "    exspect: {}",
      ].join("\n"),
    );
    expect([code, stdout]).toEqual([78, ""]);
    expect(stderr).toContain("at pump.test.yaml:8:25");
    expect(stderr).toContain("in quotes where YAML sees a number");
    expect(stderr).toContain('unknown key "exspect"');
    expect(stderr).toContain('Did you mean "expect"?');
    const names = await run(
      test("expect: { alerts: [{ detector: too_hihg }], sinks: { signd: 1 } }").replace(
        "6x3",
        "6q3",
      ),
    );
    expect(names.code).toBe(78);
    expect(names.stderr).toContain('tests.0.series.pressure: "6q3" is not a term');
    expect(names.stderr).toContain("at pump.test.yaml:5:34");
    expect(names.stderr).toContain('the pipeline has no detector "too_hihg"');
    expect(names.stderr).toContain('Did you mean "too_high"?');
    expect(names.stderr).toContain('Did you mean "signed"?');
  });

  it("updates expectations, keeps comments, and passes after that", async () => {
    const { folder, code, stderr } = await run(
      test(
        "expect:",
        "  # told before the valve opens",
        "  alerts:",
        "    - { row: 10, severity: warning } # the first one",
        "    - { row: 20 }",
        "    - { status: resolved, row: 16 }",
        "  scores:",
        "    - { row: 9..12, max: 0.5, min: 0.2 }",
        "  rejects: 3",
        "  sinks:",
        "    plain: [{ body: { severity: critical } }]",
      ),
      "--update",
    );
    expect(stderr).toContain("updated pump.test.yaml");
    expect(code).toBe(0);
    const text = await readFile(join(folder, "pump.test.yaml"), "utf8");
    expect(text).toContain("# told before the valve opens");
    expect(text).toContain("{ row: 11, severity: warning } # the first one");
    expect(text).not.toContain("row: 20");
    expect(text).toContain("{ status: resolved, row: 15 }");
    expect(text).toContain("{ row: 9..12, max: 1, min: 0 }");
    expect(text).toContain("rejects: 0");
    expect(text).toContain("plain: [ { body: { severity: warning } } ]");
    const again = await runCli(["test", "pump.test.yaml"], { cwd: folder });
    expect(again).toMatchObject({ code: 0, stderr: "" });
  });

  it("fills in a test without expectations", async () => {
    const empty = await run(test());
    expect(empty.code).toBe(1);
    expect(empty.stdout).toContain("the test expects nothing; --update writes the actual result");
    const { folder, code } = await run(test(), "--update");
    expect(code).toBe(0);
    const text = await readFile(join(folder, "pump.test.yaml"), "utf8");
    expect(text).toContain(
      "- { row: 11, sensor: sensor-1, detector: too_high, status: firing, severity: warning }",
    );
    expect((await runCli(["test", "pump.test.yaml"], { cwd: folder })).code).toBe(0);
  });

  it("writes JUnit XML and JSON, and runs the tests that --run selects", async () => {
    const folder = await folderWith({
      "pump.yaml": `${pipeline}\ntests:\n  - name: a <b> & "c"\n${env}\n    rows: [{ pressure: 9 }]\n    expect: { alerts: none }\n`,
      "pump.test.yaml": test("expect: { alerts: 1 }"),
    });
    const args = ["test", "pump.yaml", "--format", "json", "--junit", "out.xml"];
    const all = await runCli(args, { cwd: folder });
    expect(all.code).toBe(1);
    expect(JSON.parse(all.stdout)).toMatchObject([
      { file: "pump.yaml", tests: [{ passed: false, failures: [{ at: "pump.yaml:15:23" }] }] },
      { file: "pump.test.yaml", tests: [{ name: "the pressure rises", passed: true }] },
    ]);
    const xml = await readFile(join(folder, "out.xml"), "utf8");
    expect(xml).toContain('<testsuites name="iotmon" tests="2" failures="1" errors="0">');
    expect(xml).toContain('name="a &lt;b&gt; &amp; &quot;c&quot;"');
    expect(xml).toContain('<failure message="expected no alerts, got 1"');
    const some = await runCli(["test", "pump.yaml", "--run", "pressure r"], { cwd: folder });
    expect(some.code).toBe(0);
    expect(some.stdout).toContain("1 test: 1 passed");
    const none = await runProgram(["test", "pump.yaml", "--run", "nothing"], { cwd: folder });
    expect([none.code, none.stdout]).toEqual([64, ""]);
  });

  it("reads rows from a file beside the test, and reports a missing file", async () => {
    const rows = "timestamp,sensor_id,pressure\n2024-01-01 00:00:00,p,1\n2024-01-01 00:01:00,p,9\n";
    const file = `pipeline: pump.yaml\ntests:\n  - name: x\n${env}\n    file: rows.csv\n    expect: { alerts: [{ sensor: p, row: 2 }] }\n`;
    const folder = await folderWith({
      "pump.yaml": pipeline,
      "t.test.yaml": file,
      "rows.csv": rows,
    });
    const found = await runCli(["test", join(folder, "t.test.yaml")]);
    expect(found.code).toBe(0);
    const missing = await run(file);
    expect(missing.code).toBe(66);
    expect(missing.stderr).toContain("rows.csv");
  });
});
