// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of pipelines are written like that
import { describe, expect, it } from "vitest";
import { folderWith, runCli, runProgram } from "../../support/run-cli.ts";

const csv = [
  "time,temperature,humidity,note",
  ...Array.from(
    { length: 30 },
    (_, i) => `2024-01-01 00:00:${10 + i},${20 + (i % 7)}.5,${i}.25,n${i}`,
  ),
].join("\n");

const greenhouse = [
  "version: 1",
  "buffer:",
  "  schema: { timestamp: datetime, sensor_id: str, temperature: float, humidity: float }",
  "  key: sensor_id",
  "  max_keys: 50000",
  "features:",
  "  - { columns: [temperature], functions: [mean, std], windows: [10, 50] }",
  "sinks: [{ type: console }]",
].join("\n");

describe("iotmon check", () => {
  it("describes a pipeline by its schema", async () => {
    const folder = await folderWith({ "green.yaml": greenhouse });
    const { code, stdout, stderr } = await runProgram(["check", "green.yaml"], { cwd: folder });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^green\.yaml: ok\n/);
    expect(stdout).toContain("columns    temperature, humidity (from buffer.schema)\n");
    expect(stdout).toContain("key        sensor_id\n");
    expect(stdout).toContain("detector   anomaly: ecod over 8 features\n");
    expect(stdout).toMatch(
      /memory {5}[\d.]+ kB per sensor \([\d.]+ kB more while it is new\), at most 50,000 sensors\n/,
    );
    expect(stdout).toMatch(
      /restart {4}processor time after a crash about 5s, more with over [\d,]+ sensors: [\dhms ]+ with 50,000\n/,
    );
    expect(stdout).toMatch(
      /disk {7}state directory about 268\.4 MB, more with over [\d,]+ sensors: [\d.]+ [MG]B with 50,000\n/,
    );
    expect(stdout).toContain("sinks      console (replay sends to none of them)\n");
  });

  it("checks columns against the source when it exists", async () => {
    const source = "source: { type: file, path: in.csv }\n";
    const folder = await folderWith({
      "in.csv": csv,
      "good.yaml": `version: 1\n${source}`,
      "bad.yaml": `version: 1\n${source}features:\n  - { name: m, column: note, function: mean, window: 5 }\n`,
      "gone.yaml": "version: 1\nsource: { type: file, path: gone.csv }\n",
    });
    const good = await runCli(["check", "good.yaml"], { cwd: folder });
    expect(good.stdout).toContain("columns    temperature, humidity (from in.csv)\n");
    expect(good.code).toBe(0);
    const bad = await runProgram(["check", "bad.yaml"], { cwd: folder });
    expect(bad).toEqual({
      code: 78,
      stdout: "",
      stderr:
        'error: features.0.column: column "note" holds text\n' +
        "  at bad.yaml:4:24\n  Numeric columns are: temperature, humidity\n",
    });
    const gone = await runCli(["check", "gone.yaml"], { cwd: folder });
    expect(gone.stdout).toContain("columns    not checked");
    expect(gone.code).toBe(0);
  });

  it("warns without failing, and not at all with --quiet", async () => {
    const yaml = `${greenhouse}\ndetectors: [{ name: d, algorithm: ecod, warmup_period: 30 }]\n`;
    const folder = await folderWith({ "p.yaml": yaml });
    const loud = await runCli(["check", "p.yaml"], { cwd: folder });
    expect(loud.code).toBe(0);
    expect(loud.stderr).toContain("warning: detectors.0.warmup_period: 30 is below the 50 rows of");
    expect((await runCli(["check", "-q", "p.yaml"], { cwd: folder })).stderr).toBe("");
  });

  it("checks all files, and exits with the first failure", async () => {
    const folder = await folderWith({ "a.yaml": greenhouse, "b.yaml": "version: 2\nnmae: x\n" });
    const args = ["check", "b.yaml", "a.yaml", "missing.yaml"];
    const { code, stdout, stderr } = await runCli(args, { cwd: folder });
    expect(code).toBe(78);
    expect(stdout).toContain("a.yaml: ok");
    expect(stderr).toContain(
      'error: unknown key "nmae"\n  at b.yaml:2:1\n  Did you mean "name"?\n',
    );
    expect(stderr).toContain("error: the pipeline file does not exist\n");
  });

  it("exits 66 for a file that does not exist and for a folder", async () => {
    const folder = await folderWith({});
    const missing = await runCli(["check", "p.yaml"], { cwd: folder });
    expect([missing.code, missing.stdout]).toEqual([66, ""]);
    const directory = await runCli(["check", "."], { cwd: folder });
    expect(directory.code).toBe(66);
    expect(directory.stderr).toContain("error: the pipeline file is a directory\n");
  });

  it("writes JSON with faults, warnings and what it found", async () => {
    const folder = await folderWith({ "a.yaml": greenhouse, "b.yaml": "version: 1\nbuffr: 1\n" });
    const args = ["check", "--format", "json", "a.yaml", "b.yaml"];
    const { code, stdout, stderr } = await runCli(args, { cwd: folder });
    expect([code, stderr]).toEqual([78, ""]);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        file: "a.yaml",
        valid: true,
        faults: [],
        name: "a",
        columns: ["temperature", "humidity"],
        columns_from: "schema",
        key: "sensor_id",
        detectors: [{ name: "anomaly", algorithm: "ecod" }],
        bytes_per_key: expect.any(Number),
      },
      {
        file: "b.yaml",
        valid: false,
        code: "ERR_CONFIG",
        faults: [
          { at: "b.yaml:2:1", message: 'unknown key "buffr"', hint: 'Did you mean "buffer"?' },
        ],
      },
    ]);
  });

  it("takes variables from the environment", async () => {
    const folder = await folderWith({ "p.yaml": 'version: 1\nstate: { dir: "${STATE_DIR}" }\n' });
    const unset = await runCli(["check", "p.yaml"], { cwd: folder });
    expect(unset.code).toBe(78);
    expect(unset.stderr).toContain("the variable STATE_DIR is not set");
    const set = await runCli(["check", "p.yaml"], { cwd: folder, env: { STATE_DIR: "x" } });
    expect(set.code).toBe(0);
  });

  it("does without a schema and without an input", async () => {
    const yaml = [
      "version: 1",
      "features: [{ name: m, column: t, function: mean, window: 20000 }]",
      "detectors: [{ name: d, algorithm: ecod, features: [m, u] }]",
    ].join("\n");
    const folder = await folderWith({ "p.yaml": yaml, "ok.yaml": yaml.replace("20000", "20") });
    const large = await runCli(["check", "p.yaml"], { cwd: folder });
    expect(large.code).toBe(78);
    expect(large.stderr).toContain("is larger than the buffer (10000)");
    const fine = await runCli(["check", "ok.yaml"], { cwd: folder });
    expect(fine.code).toBe(0);
    expect(fine.stdout).toContain("columns    t, u (as the pipeline names them");
  });
});

describe("iotmon schema", () => {
  it("prints the JSON Schema with every key explained", async () => {
    const { code, stdout, stderr } = await runCli(["schema"]);
    expect([code, stderr]).toEqual([0, ""]);
    const schema = JSON.parse(stdout);
    expect(schema).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      required: ["version"],
      additionalProperties: false,
    });
    for (const property of Object.values(schema.properties)) {
      expect(property).toHaveProperty("description");
    }
    expect(stdout).toContain('"ewm_mean"');
    expect(stdout).toContain('"calibration_window"');
  });
});
