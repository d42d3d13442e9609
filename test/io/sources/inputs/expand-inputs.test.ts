import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { expandInputs } from "../../../../src/io/sources/inputs/expand-inputs.ts";
import type { Input } from "../../../../src/io/sources/inputs/input.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const stdin = Readable.from([Buffer.from("a\n1\n")]);

async function folder(...names: string[]): Promise<string> {
  const cwd = await tempFolder();
  await mkdir(join(cwd, "data"));
  for (const name of names) await writeFile(join(cwd, name), name);
  return cwd;
}

async function text(input: Input | undefined): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of input?.read() ?? []) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

it("gives files in argument order, and those of a glob in the order of their names", async () => {
  const cwd = await folder("data/b.csv", "data/a.csv", "data/c.txt", "z.csv");
  const inputs = await expandInputs(["z.csv", "data/*.csv", "-"], { cwd, stdin });
  expect(inputs.map(({ label, stem, size }) => [label, stem, size])).toEqual([
    ["z.csv", "z", 5],
    ["data/a.csv", "a", 10],
    ["data/b.csv", "b", 10],
    ["stdin", "stdin", null],
  ]);
  expect(await text(inputs[1])).toBe("data/a.csv");
  expect(await text(inputs[3])).toBe("a\n1\n");
});

it("accepts absolute paths, links, and files whose names look like a pattern", async () => {
  const cwd = await folder("log[1].csv", "data/a.csv");
  await symlink(join(cwd, "data", "a.csv"), join(cwd, "link.csv"));
  const paths = ["log[1].csv", join(cwd, "data", "a.csv"), join(cwd, "data", "*.csv"), "link.csv"];
  const inputs = await expandInputs(paths, { cwd, stdin });
  expect(inputs.map(({ stem }) => stem)).toEqual(["log[1]", "a", "a", "link"]);
  expect(inputs[2]?.label).toBe(join(cwd, "data", "a.csv"));
  expect(await text(inputs[2])).toBe("data/a.csv");
});

it("suggests a file with a similar name", async () => {
  const cwd = await folder("data/temperature.csv", "data/humidity.csv");
  await expect(expandInputs(["data/temprature.csv"], { cwd, stdin })).rejects.toMatchObject({
    code: "ERR_NO_INPUT",
    message: "there is no such file",
    at: "data/temprature.csv",
    hint: 'Did you mean "data/temperature.csv"?',
  });
  await expect(expandInputs(["date/humidity.csv"], { cwd, stdin })).rejects.toMatchObject({
    code: "ERR_NO_INPUT",
    hint: 'There is no folder "date"',
  });
  await expect(expandInputs(["data/a.csv/b.csv"], { cwd, stdin })).rejects.toMatchObject({
    code: "ERR_NO_INPUT",
  });
});

it("rejects a folder, and says how to name its files", async () => {
  const cwd = await folder();
  await expect(expandInputs(["data/"], { cwd, stdin })).rejects.toMatchObject({
    code: "ERR_NO_INPUT",
    message: "the input is a folder",
    hint: 'Name its files: "data/*.csv"',
  });
});

it("rejects a glob without matches", async () => {
  const cwd = await folder("a.txt");
  await expect(expandInputs(["*.csv"], { cwd, stdin })).rejects.toMatchObject({
    code: "ERR_NO_INPUT",
    message: "no file matches the pattern",
    at: "*.csv",
  });
});

it("accepts stdin only once", async () => {
  await expect(expandInputs(["-", "-"], { cwd: "/", stdin })).rejects.toMatchObject({
    code: "ERR_USAGE",
  });
});
