import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { SessionRecordingWriter } from "../../../src/io/session-recording/session-recording-writer.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const HEAD = '{"iotmon":"recording"}\n';

it.each(["a.jsonl", "a.jsonl.gz"])(
  "SessionRecordingWriter continues %s in another file once the disk has room",
  async (name) => {
    const folder = await tempFolder();
    const calls: unknown[][] = [];
    let now = 1000;
    const files = await SessionRecordingWriter.create(join(folder, name), name, () => now);
    files.write(HEAD);
    files.continueWith({ head: (gapMs) => `${HEAD.trimEnd()} ${gapMs}\n`, state: () => "state\n" });
    const much = `${"x".repeat(999)}\n`.repeat(1000);
    for (let i = 0; i < 60; i++) files.write(much); // the loop blocks all writes
    files.reportTo({
      stopped: (...about) => void calls.push(["stopped", ...about]),
      resumed: (...about) => void calls.push(["resumed", ...about]),
    });
    expect(calls).toEqual([["stopped", name, "the disk is too slow", 1000]]);
    now = 9000;
    files.write("lost\n");
    while (calls.length < 2) await sleep(50);
    files.write("kept\n");
    await files.close();
    const next = name.replace("a.", "a.2.");
    expect(calls.slice(1)).toEqual([["resumed", next, 9000]]);
    expect(files.label).toBe(next);
    expect((await readdir(folder)).sort()).toEqual([next, name]);
    const bytes = await readFile(join(folder, next));
    const text = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
    expect(text).toBe(`${HEAD.trimEnd()} 1000\nstate\nkept\n`);
  },
);

it.each(["", '{"iotmon":"rec'])(
  "SessionRecordingWriter takes a file that was cut off at %j for a recording",
  async (start) => {
    const folder = await tempFolder();
    await writeFile(join(folder, "a.jsonl"), start);
    const files = await SessionRecordingWriter.create(join(folder, "a.jsonl"), "a.jsonl", () => 0);
    await files.close();
    expect(files.label).toBe("a.2.jsonl");
  },
);

it("SessionRecordingWriter starts no other file before continueWith", async () => {
  const folder = await tempFolder();
  const files = await SessionRecordingWriter.create(join(folder, "a.jsonl"), "x/a.jsonl", () => 0);
  expect(files.label).toBe("x/a.jsonl");
  for (let i = 0; i < 60; i++) files.write("x".repeat(1_000_000));
  await sleep(6000);
  await files.close();
  expect(await readdir(folder)).toEqual(["a.jsonl"]);
});
