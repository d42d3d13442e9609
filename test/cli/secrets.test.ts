// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of pipelines are written like that
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../support/markdown.ts";
import { folderWith, runCli } from "../support/run-cli.ts";
import { SECRET_TEXTS, SECRETS } from "../support/sink-setups.ts";

const PIPELINE = [
  "version: 1",
  "source: { type: file, path: readings.csv }",
  "sinks:",
  "  - { type: console }",
  '  - { type: webhook, url: "${HOOK}", secret: ["${SIGNING}"], headers: { X-Token: "${TOKEN}" } }',
  '  - { type: alertmanager, url: "${HOOK}", headers: { Authorization: "${TOKEN}" } }',
  '  - { type: slack, url: "${HOOK}", retry: { schedule: [0s], max_age: 1s } }',
  "",
].join("\n");

const env = {
  // no server listens on port 9: every attempt fails
  HOOK: `http://user:${SECRETS.password}@127.0.0.1:9/${SECRETS.path}?token=${SECRETS.query}`,
  SIGNING: SECRETS.signing,
  TOKEN: SECRETS.header,
};

/** Pipelines with a fault beside or in each secret. */
const BROKEN = {
  "unknown.yaml": PIPELINE.replace("secret:", "secrt:"),
  "type.yaml": PIPELINE.replace('url: "${HOOK}", secret', 'url: ["${HOOK}"], secret'),
  "protocol.yaml": PIPELINE.replaceAll("${HOOK}", "x${HOOK}"),
  "secret.yaml": PIPELINE.replace("${SIGNING}", "whsec_!${SIGNING}"),
  "header.yaml": PIPELINE.replaceAll("${TOKEN}", "${TOKEN}\\n"),
  "literal.yaml": PIPELINE.replaceAll(/\$\{(\w+)\}/g, (_, name: keyof typeof env) => env[name]),
  "syntax.yaml": `${PIPELINE}  - { type: webhook, url: "\${HOOK}", \n`,
} as const;

const COMMANDS: readonly (readonly string[])[] = [
  ["check", "p.yaml"],
  ["check", "-v", "--format", "json", "p.yaml", ...Object.keys(BROKEN)],
  ["check", ...Object.keys(BROKEN)],
  ["replay", "-v", "-p", "p.yaml", "--scores", "scores.csv", "--rejects", "rejects.jsonl"],
  ["replay", "-p", "p.yaml", "--format", "json"],
  ["replay", "-p", "p.yaml", "--format", "jsonl"],
  ["replay", "-p", "literal.yaml"],
  ["replay", "readings.csv", "--write-pipeline", "written.yaml"],
  ["replay", "-v", "-p", "p.yaml", "--send", "--send-wait", "3s"],
  ["dead-letters", "list", "-v", "-p", "p.yaml"],
  ["dead-letters", "list", "-p", "p.yaml", "--format", "json"],
  ["dead-letters", "redrive", "-p", "p.yaml", "--sink", "slack"],
  ["schema"],
  ["init", "readings.csv", "-o", "inferred.yaml"],
  ["webhook", "test", "-v", "-p", "p.yaml"],
  [
    "webhook",
    "verify",
    "readings.csv",
    "--id",
    "a",
    "--timestamp",
    "1",
    "--signature",
    "v1,a",
    "--secret-env",
    "SIGNING",
  ],
];

describe("secrets of a pipeline", () => {
  let folder = "";

  beforeAll(async () => {
    const readings = await readFile(join(ROOT, "fixtures/machine-temperature.csv"));
    folder = await folderWith({ "p.yaml": PIPELINE, "readings.csv": readings, ...BROKEN });
  });

  it.each(COMMANDS)("are in no output of iotmon %s %s", async (...args) => {
    const run = await runCli(args, { cwd: folder, env: { ...env, IOTMON_DEBUG: "1" } });
    expect([0, 1, 69, 78]).toContain(run.code);
    for (const secret of SECRET_TEXTS) {
      expect(run.stdout, "stdout").not.toContain(secret);
      expect(run.stderr, "stderr").not.toContain(secret);
    }
  });

  it("were really sent", async () => {
    const args = ["replay", "-p", "p.yaml", "--send", "--send-wait", "3s"];
    const sent = await runCli(args, { cwd: folder, env });
    const letters = await runCli(["dead-letters", "list", "-p", "p.yaml"], { cwd: folder, env });
    expect([sent.code, letters.stdout]).toEqual([69, expect.stringContaining("refused")]);
  });

  it("are in no written file", async () => {
    const given = new Set(["p.yaml", "readings.csv", ...Object.keys(BROKEN)]);
    const files = (await readdir(folder, { recursive: true })).filter((name) => !given.has(name));
    expect(files).toEqual(
      expect.arrayContaining(["written.yaml", "inferred.yaml", "scores.csv", ".iotmon/p/outbox"]),
    );
    for (const file of files) {
      const content = await readFile(join(folder, file)).catch(() => Buffer.alloc(0));
      for (const secret of SECRET_TEXTS) expect(content.includes(secret), file).toBe(false);
    }
  });
});
