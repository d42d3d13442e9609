import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { alertJsonSchema } from "../../../src/io/messages/alert-schema.ts";
import { ROOT } from "../../support/markdown.ts";
import { parseMessage } from "../../support/parse-message.ts";
import { runCli, runProgram } from "../../support/run-cli.ts";

/** Part of a JSON Schema. */
interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** Messages of replays of the fixtures, as the program prints them. */
async function print(): Promise<string[]> {
  const recordings = ["fixtures/machine-temperature.csv", "fixtures/messy.csv"];
  const outputs = await Promise.all(
    recordings.map((file) => runCli(["replay", file, "-q", "--format", "jsonl"], { cwd: ROOT })),
  );
  return outputs.flatMap(({ stdout }) => stdout.split("\n").filter((line) => line !== ""));
}

describe("the schema of messages", () => {
  let lines: readonly string[] = [];
  beforeAll(async () => {
    lines = await print();
  });

  it("describes every message of the fixtures and all their fields", () => {
    expect(lines.length).toBeGreaterThan(15);
    for (const line of lines) {
      // what the schema does not know would be missing from the result
      expect(parseMessage(line)).toEqual(JSON.parse(line));
      expect(JSON.stringify(JSON.parse(line))).toBe(line);
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(20_000);
    }
  });

  it("rejects a value that is not a message", () => {
    const golden = readFileSync(`${ROOT}/fixtures/golden/replay/machine-temperature.jsonl`, "utf8");
    const message = JSON.parse(golden.split("\n", 1)[0] ?? "") as Record<string, unknown>;
    const wrong = (changes: object): string => JSON.stringify({ ...message, ...changes });
    expect(() => parseMessage(wrong({}))).not.toThrow();
    for (const field of Object.keys(message)) {
      expect(() => parseMessage(wrong({ [field]: undefined })), field).toThrow();
    }
    expect(() => parseMessage(wrong({ status: "fixed" }))).toThrow();
    expect(() => parseMessage(wrong({ started_at: "yesterday" }))).toThrow();
    expect(() => parseMessage(wrong({ raw_score: "high" }))).toThrow();
  });

  it("is printed, and requires every field of a message", async () => {
    const { code, stdout, stderr } = await runProgram(["schema", "alert"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toEqual(alertJsonSchema());
    const schema = JSON.parse(stdout) as Schema;
    const [line = ""] = lines;
    const fields = Object.keys(JSON.parse(line) as object).sort();
    expect(schema).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
    });
    expect(Object.keys(schema.properties ?? {}).sort()).toEqual(fields);
    expect([...(schema.required ?? [])].sort()).toEqual(fields);
    expect(schema).not.toHaveProperty("additionalProperties"); // later versions may add fields
  });

  it("is that of pipelines by default", async () => {
    const [plain, named] = await Promise.all([runCli(["schema"]), runCli(["schema", "pipeline"])]);
    expect(plain.stdout).toBe(named.stdout);
  });

  it("lists the choices for an unknown name", async () => {
    const { code, stderr } = await runCli(["schema", "alarm"]);
    expect(code).toBe(64);
    expect(stderr).toContain("pipeline, alert");
  });
});
