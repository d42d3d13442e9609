import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeBlocks, PAGES, ROOT } from "../support/markdown.ts";
import { runCli } from "../support/run-cli.ts";

/** A command of a page: `iotmon check x.yaml   # exit 78`. */
interface Shown {
  readonly at: string;
  readonly command: string;
  /** The exit code in the page; 0 if it names none. */
  readonly exit: number;
}

const shown: readonly Shown[] = codeBlocks()
  .filter(({ language }) => language === "sh")
  .flatMap(({ at, text }) =>
    text.split("\n").map((line) => {
      const [command = "", comment = ""] = line.split(/ +# /);
      const own = command.replace(/^npm ci && /, "").replaceAll("node bin/iotmon.js", "iotmon");
      return { at, command: own, exit: Number(/exit (\d+)/.exec(comment)?.[1] ?? 0) };
    }),
  )
  .filter(({ command }) => /\biotmon\b/.test(command));

const withFixtures = (page: string): readonly Shown[] =>
  shown.filter(({ at, command }) => at.startsWith(`${page}:`) && /fixtures\/|-p /.test(command));

const PAGES_WITH_COMMANDS = PAGES.filter((page) =>
  withFixtures(page).some(({ command }) => command.includes("fixtures/")),
);

describe("commands shown in the pages", () => {
  let folder = "";

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "iotmon-docs-"));
    const shim = join(folder, "iotmon");
    writeFileSync(shim, `#!/bin/sh\nexec "${process.execPath}" "${ROOT}/bin/iotmon.js" "$@"\n`);
    chmodSync(shim, 0o755);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // in sequence, in one folder: a command may read the output of an earlier one
  it.each(PAGES_WITH_COMMANDS)("run and exit as %s says", (page) => {
    const cwd = mkdtempSync(join(folder, "page-"));
    symlinkSync(join(ROOT, "fixtures"), join(cwd, "fixtures"));
    const commands = withFixtures(page).filter(({ command }) => !command.includes("history."));
    for (const { at, command, exit } of commands) {
      const { status, stderr } = spawnSync("sh", ["-c", command], {
        cwd,
        encoding: "utf8",
        env: { ...process.env, PATH: `${folder}:${process.env["PATH"]}` },
      });
      expect(status, `${at}: ${command}\n${stderr}`).toBe(exit);
    }
  });

  it("use existing options", async () => {
    const helps = new Map<string, string>();
    for (const { at, command } of shown) {
      const [, name = "", rest = ""] =
        /\biotmon ((?:(?:webhook|dead-letters|state) )?[a-z]+)(.*)/.exec(command) ?? [];
      if (name === "") continue;
      const help = helps.get(name) ?? (await runCli([...name.split(" "), "--help"])).stdout;
      helps.set(name, help);
      const options = rest.match(/(?<= )--?[a-z][a-z-]*/g) ?? [];
      expect(help, at).toContain(`Usage: iotmon ${name}`);
      for (const option of options) expect(help, `${at}: ${command}`).toContain(option);
    }
  });
});
