import { expect, it } from "vitest";
import { folderWith, runCli } from "../../../support/run-cli.ts";

/** What every object of JavaScript has by that name. */
const INHERITED = ["constructor", "toString", "hasOwnProperty", "length"];
const PLAIN = ["bbbbbbbbbbb", "cccccccc", "dddddddddddddd", "eeeeee"];

/** 300 readings under these names; one of them is far off. */
const recording = (names: readonly string[]): string =>
  Array.from({ length: 300 }, (_, i) => {
    const time = new Date(1.7e12 + 1000 * i).toISOString();
    const cells = names.map((_, n) => 20 + Math.sin(1.7 * i + n) + (i === 250 ? 30 : 0));
    return [time, ...cells].join(",");
  }).reduce((text, line) => `${text}${line}\n`, `time,${names.join(",")}\n`);

it("columns may have the names of inherited object members", async () => {
  const cwd = await folderWith({ "a.csv": recording(INHERITED) });
  const renamed = await folderWith({ "a.csv": recording(PLAIN) });
  const args = ["replay", "a.csv", "--format", "jsonl"];
  const [run, plain] = [await runCli(args, { cwd }), await runCli(args, { cwd: renamed })];
  expect(run.code, run.stderr).toBe(0);
  expect(run.stderr).toContain(`watched: ${INHERITED.join(", ")}`);
  expect(plain.stdout).toContain('"status":"firing"');
  const expected = PLAIN.reduce(
    (text, name, i) => text.replaceAll(name, INHERITED[i] as string),
    plain.stdout,
  );
  expect(run.stdout).toBe(expected);
  await runCli(["init", "a.csv", "-o", "p.yaml"], { cwd });
  const written = await runCli([...args, "-p", "p.yaml"], { cwd });
  expect(written.code, written.stderr).toBe(0);
  expect(written.stdout.replaceAll('"pipeline":"p"', '"pipeline":"a"')).toBe(run.stdout);
});
