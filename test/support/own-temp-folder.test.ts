import { access } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname } from "node:path";
import { expect, it } from "vitest";
import { setup, teardown } from "./own-temp-folder.ts";
import { folderWith, runProgram } from "./run-cli.ts";

it("tests leave nothing outside the temporary folder of their run", async () => {
  expect(basename(tmpdir())).toMatch(/^iotmon-tests-/);
  expect(dirname(await folderWith({}))).toBe(tmpdir());
});

it("the temporary folder of a run is deleted with its content", async () => {
  const outer = tmpdir();
  try {
    await setup();
    const folder = await folderWith({ "a.csv": "a\n1\n2\n3\n" });
    expect(dirname(dirname(folder))).toBe(outer);
    expect((await runProgram(["replay", "a.csv"], { cwd: folder })).code).toBe(0);
    await teardown();
    await expect(access(dirname(folder))).rejects.toThrow("ENOENT");
    await access(outer);
  } finally {
    process.env["TMPDIR"] = outer;
  }
});
