import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { SessionRecordingFile } from "../../../src/io/session-recording/session-recording-file.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const never = (text: string): never => expect.fail(text);
const LINE = `${"x".repeat(99)}\n`;

it.each(["a.jsonl", "a.jsonl.gz"])(
  "SessionRecordingFile %s holds all lines in order after close",
  async (name) => {
    const path = join(await tempFolder(), name);
    const file = await SessionRecordingFile.create(path, name, never);
    const lines = Array.from({ length: 5000 }, (_, i) => `${i}${LINE}`);
    for (const line of lines) file.write(line);
    await file.close();
    const bytes = await readFile(path);
    const text = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
    expect(text).toBe(lines.join(""));
  },
);

it("SessionRecordingFile never overwrites a file", async () => {
  const path = join(await tempFolder(), "a.jsonl");
  await (await SessionRecordingFile.create(path, "a.jsonl", never)).close();
  await expect(SessionRecordingFile.create(path, "a.jsonl", never)).rejects.toMatchObject({
    code: "ERR_CANT_CREATE",
    at: "a.jsonl",
  });
});

it("SessionRecordingFile ends once when lines arrive much faster than the disk writes them", async () => {
  const path = join(await tempFolder(), "a.jsonl");
  const reasons: string[] = [];
  const file = await SessionRecordingFile.create(path, "a.jsonl", (why) => reasons.push(why));
  // the loop blocks all writes
  const much = LINE.repeat(10_000);
  for (let i = 0; i < 60; i++) file.write(much);
  expect(reasons).toEqual(["the disk is too slow"]);
  await file.room();
  await file.close();
  expect((await readFile(path)).length).toBeLessThan(60 * much.length);
});
