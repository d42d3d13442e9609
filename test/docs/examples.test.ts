import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { parsePipeline } from "../../src/config/parse.ts";
import { codeBlocks, PAGES, ROOT, readPage } from "../support/markdown.ts";
import { folderWith, runCli } from "../support/run-cli.ts";

const blocks = codeBlocks();
const inLanguage = (language: string): typeof blocks =>
  blocks.filter((block) => block.language === language);

const isTests = ({ text }: { text: string }): boolean => text.startsWith("pipeline:");

describe("examples in the pages", () => {
  it.each(inLanguage("json"))("are valid JSON: $at", ({ text }) => {
    expect(() => JSON.parse(text)).not.toThrow();
  });

  it.each(inLanguage("yaml").filter((block) => !isTests(block)))(
    "are valid pipelines, or sections of one: $at",
    ({ text, at }) => {
      const whole = /^version:/m.test(text) ? text : `version: 1\n${text}`;
      expect(parsePipeline(whole, at, {}).config.version).toBe(1);
    },
  );

  it("are tests of pipelines that pass", async () => {
    const [example] = inLanguage("yaml").filter(isTests);
    const folder = await folderWith({
      "greenhouse.yaml": readPage("fixtures/pipelines/greenhouse.yaml"),
      "own.test.yaml": example?.text ?? "",
    });
    const { code, stdout, stderr } = await runCli(["test", "own.test.yaml"], { cwd: folder });
    expect(stdout + stderr).toContain("1 test: 1 passed");
    expect(code).toBe(0);
  });
});

describe("README.md", () => {
  it("shows what the first command prints", async () => {
    const { stdout } = await runCli(["replay", "fixtures/machine-temperature.csv"], { cwd: ROOT });
    const summary = /^(\d+ alerts: .*|anomaly: .* scored.*)$/gm;
    const shown = codeBlocks(["README.md"]).find(({ language }) => language === "text")?.text ?? "";
    expect(shown.match(summary)).toHaveLength(2);
    expect(stdout.match(summary)).toEqual(shown.match(summary));
  });

  it("shows a program that runs", () => {
    const [program] = codeBlocks(["README.md"]).filter(({ language }) => language === "js");
    const entry = pathToFileURL(join(ROOT, "dist/index.js"));
    const text = program?.text.replace('"iotmon"', JSON.stringify(entry)) ?? "";
    const args = ["--input-type=module", "--eval", text];
    const run = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect(run.stderr).toBe("");
    expect(run.stdout).toMatch(/^true 0\.99\d+ .*\ntrue\n$/s);
  });
});

describe("links in the pages", () => {
  it.each(PAGES)("lead to files that exist: %s", (path) => {
    const targets = [...readPage(path).matchAll(/\]\(([^)#]+)(#[^)]*)?\)/g)]
      .map(([, target]) => target ?? "")
      .filter((target) => !/^[a-z]+:/.test(target));
    for (const target of targets) {
      expect(existsSync(join(ROOT, dirname(path), target)), target).toBe(true);
    }
  });
});
