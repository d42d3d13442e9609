import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { SessionRecordingWriter } from "../../../src/io/session-recording/session-recording-writer.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const HEAD = '{"iotmon":"recording"}\n';

it.each(["a.jsonl", "a.jsonl.gz"])(
  "%s goes on in a further file, with its beginning, once it can be written again",
  async (name) => {
    const folder = await tempFolder();
    const told: unknown[][] = [];
    let now = 1000;
    const files = await SessionRecordingWriter.create(join(folder, name), name, () => now);
    files.write(HEAD);
    files.continueWith({ head: (gapMs) => `${HEAD.trimEnd()} ${gapMs}\n`, state: () => "state\n" });
    const much = `${"x".repeat(999)}\n`.repeat(1000);
    for (let i = 0; i < 60; i++) files.write(much); // nothing is written while this goes on
    files.reportTo({
      stopped: (...about) => void told.push(["stopped", ...about]),
      resumed: (...about) => void told.push(["resumed", ...about]),
    });
    expect(told).toEqual([["stopped", name, "the disk is too slow", 1000]]);
    now = 9000;
    files.write("lost\n");
    while (told.length < 2) await sleep(50);
    files.write("kept\n");
    await files.close();
    const further = name.replace("a.", "a.2.");
    expect(told.slice(1)).toEqual([["resumed", further, 9000]]);
    expect(files.label).toBe(further);
    expect((await readdir(folder)).sort()).toEqual([further, name]);
    const bytes = await readFile(join(folder, further));
    const text = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
    expect(text).toBe(`${HEAD.trimEnd()} 1000\nstate\nkept\n`);
  },
);

it.each(["", '{"iotmon":"rec'])(
  "one that was cut off at %j is a recording still",
  async (start) => {
    const folder = await tempFolder();
    await writeFile(join(folder, "a.jsonl"), start);
    const files = await SessionRecordingWriter.create(join(folder, "a.jsonl"), "a.jsonl", () => 0);
    await files.close();
    expect(files.label).toBe("a.2.jsonl");
  },
);

it("a further file is not begun before it is known how", async () => {
  const folder = await tempFolder();
  const files = await SessionRecordingWriter.create(join(folder, "a.jsonl"), "x/a.jsonl", () => 0);
  expect(files.label).toBe("x/a.jsonl");
  for (let i = 0; i < 60; i++) files.write("x".repeat(1_000_000));
  await sleep(6000);
  await files.close();
  expect(await readdir(folder)).toEqual(["a.jsonl"]);
});
