import { existsSync } from "node:fs";
import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FileSink } from "../../../../src/io/sinks/file/file-sink.ts";
import { messageOf } from "../../../support/messages.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const inTime = (): AbortSignal => AbortSignal.timeout(60_000);

async function sinkIn(settings: { maxBytes?: number; keep?: number } = {}) {
  const folder = await tempFolder();
  const path = join(folder, "alerts.jsonl");
  const sink = new FileSink({ name: "f", path, maxBytes: 1e6, keep: 4, ...settings });
  const send = (id: string) => sink.deliver(messageOf({ id }), inTime());
  const ids = async (name = "alerts.jsonl"): Promise<string[]> => {
    const lines = (await readFile(join(folder, name), "utf8")).trimEnd().split("\n");
    return lines.map((line) => (JSON.parse(line) as { id: string }).id);
  };
  return { folder, path, sink, send, ids };
}

describe("a file sink", () => {
  it("appends each message as a line, in order", async () => {
    const { path, sink, send, ids } = await sinkIn();
    await writeFile(path, '{"id":"old"}\n');
    await Promise.all(["a", "b", "c"].map(send));
    await sink.close();
    expect(await ids()).toEqual(["old", "a", "b", "c"]);
  });

  it("completes a line that a crash truncated", async () => {
    const { path, sink, send } = await sinkIn();
    await writeFile(path, '{"id":"cut');
    await send("a");
    await sink.close();
    const [cut, line] = (await readFile(path, "utf8")).split("\n");
    expect(cut).toBe('{"id":"cut');
    expect(JSON.parse(line ?? "")).toMatchObject({ id: "a" });
  });

  it("rotates the file before it exceeds its size, and keeps the given number of files", async () => {
    const { length } = messageOf({ id: "a" }).json;
    const { folder, sink, send, ids } = await sinkIn({ maxBytes: 2 * length + 2, keep: 2 });
    for (const id of "abcdefgh") await send(id);
    await sink.close();
    expect((await readdir(folder)).sort()).toEqual([
      "alerts.jsonl",
      "alerts.jsonl.1",
      "alerts.jsonl.2",
    ]);
    expect([
      await ids("alerts.jsonl.2"),
      await ids("alerts.jsonl.1"),
      await ids("alerts.jsonl"),
    ]).toEqual([
      ["c", "d"],
      ["e", "f"],
      ["g", "h"],
    ]);
  });

  it("creates the file again after it was moved or deleted", async () => {
    const { path, sink, send, ids } = await sinkIn();
    await send("a");
    await rename(path, `${path}.moved`);
    await send("b");
    expect(await ids()).toEqual(["b"]);
    await rm(path);
    await send("c");
    expect(await ids()).toEqual(["c"]);
    expect(await ids("alerts.jsonl.moved")).toEqual(["a"]);
    await appendFile(path, '{"id":"theirs"}\n');
    await send("d");
    await sink.close();
    expect(await ids()).toEqual(["c", "theirs", "d"]);
  });

  it("reports why a message can't be written, and writes it later", async () => {
    const { folder, path, sink, send, ids } = await sinkIn();
    await rm(folder, { recursive: true });
    expect(await send("a")).toEqual({
      kind: "retry",
      reason: `the alert file can't be written: there is no folder ${folder} (${path})`,
    });
    await mkdir(folder);
    expect(await send("a")).toEqual({ kind: "delivered" });
    await sink.close();
    expect(await ids()).toEqual(["a"]);
  });

  it.runIf(existsSync("/dev/full"))("writes a message again after a full disk", async () => {
    const sink = new FileSink({ name: "f", path: "/dev/full", maxBytes: 1e6, keep: 1 });
    expect(await sink.deliver(messageOf(), inTime())).toMatchObject({
      kind: "retry",
      reason: "the alert file can't be written: the disk is full (/dev/full)",
    });
    await sink.close();
  });
});
