import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Reject } from "../../src/io/decoders/decode-context.ts";
import { RejectLog } from "../../src/io/rejects.ts";
import { placeOf } from "../../src/io/time-rejects.ts";
import { tempFolder } from "../support/temp-folder.ts";

const reject = (line: number, reason: string): Reject => ({
  input: "a.csv",
  line,
  reason,
  detail: `${reason} é`,
  text: '1,"x\n"',
});

it("RejectLog counts by reason and keeps the first ten", () => {
  const log = new RejectLog();
  for (let line = 1; line <= 25; line++) log.add(reject(line, line % 5 === 0 ? "b" : "a"));
  log.close();
  expect(log.total).toBe(25);
  expect([...log.counts]).toEqual([
    ["a", 20],
    ["b", 5],
  ]);
  expect(log.examples.map(placeOf)).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((line) => `a.csv:${line}`),
  );
});

it("RejectLog writes all of them as JSON lines, in order", async () => {
  const file = join(await tempFolder(), "rejects.jsonl");
  const log = new RejectLog(file);
  const all = Array.from({ length: 5000 }, (_, i) => reject(i + 1, "cell count"));
  for (const one of all) log.add(one);
  log.close();
  log.close();
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual(all);
});

it("RejectLog reports at once that the file can't be created", async () => {
  const file = join(await tempFolder(), "none", "rejects.jsonl");
  expect(() => new RejectLog(file)).toThrow(
    expect.objectContaining({ code: "ERR_CANT_CREATE", at: file }),
  );
});

it("RejectLog reports a full disk", () => {
  const log = new RejectLog("/dev/full");
  log.add(reject(1, "a"));
  expect(() => log.close()).toThrow(expect.objectContaining({ code: "ERR_IO", at: "/dev/full" }));
});
