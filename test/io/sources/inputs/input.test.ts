import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, it, vi } from "vitest";
import { fileInput } from "../../../../src/io/sources/inputs/file-input.ts";
import { Input } from "../../../../src/io/sources/inputs/input.ts";
import { stdinInput } from "../../../../src/io/sources/stdin.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const MIB = 1_048_576;

async function file(content: string | Uint8Array): Promise<Input> {
  const cwd = await tempFolder();
  await writeFile(join(cwd, "a.csv"), content);
  return fileInput("a.csv", cwd);
}

const openFiles = async (): Promise<number> => (await readdir("/proc/self/fd")).length;

it("peek returns the start, and read begins there again", async () => {
  const input = await file("time,a\n1,2\n");
  const head = await input.peek();
  expect(Buffer.from(head.bytes).toString()).toBe("time,a\n1,2\n");
  expect(head.complete).toBe(true);
  expect(await input.peek()).toBe(head);
  const chunks: Uint8Array[] = [];
  for await (const chunk of input.read()) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe("time,a\n1,2\n");
  expect(input.bytesRead).toBe(input.size);
});

it("an empty file has an empty, complete head", async () => {
  expect(await (await file("")).peek()).toEqual({ bytes: Buffer.alloc(0), complete: true });
});

it("stdin is opened once: read also returns the bytes that peek returned", async () => {
  const lines = Array.from({ length: 200_000 }, (_, i) => `${i},${i}\n`);
  const input = stdinInput(Readable.from(lines.map((line) => Buffer.from(line))));
  const { bytes, complete } = await input.peek();
  expect(complete).toBe(false);
  expect(bytes.length).toBeGreaterThanOrEqual(262_144);
  expect(bytes.length).toBeLessThan(300_000);
  const chunks: Uint8Array[] = [];
  for await (const chunk of input.read()) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe(lines.join(""));
});

it("the head is longer if lines are long, up to 8 MiB", async () => {
  const long = Buffer.alloc(2 * MIB, "x");
  const line = Buffer.from("1\n");
  const input = stdinInput(Readable.from([line, long, ...Array.from({ length: 100 }, () => line)]));
  expect((await input.peek()).bytes.length).toBe(2 * MIB + 64);
  const endless = stdinInput(
    Readable.from(Array.from({ length: 20 }, () => Buffer.alloc(MIB, "x"))),
  );
  expect((await endless.peek()).bytes.length).toBe(8 * MIB);
});

it("reads no further than requested", async () => {
  let given = 0;
  const source = Readable.from(
    (function* () {
      for (; given < 50; given++) yield Buffer.alloc(MIB, "1\n");
    })(),
    { highWaterMark: 1 },
  );
  const input = stdinInput(source);
  for await (const _ of input.read()) {
    if (input.bytesRead >= 3 * MIB) break;
  }
  expect(given).toBeLessThan(8);
});

it("leaving the loop early, or close, releases the file", async () => {
  const before = await openFiles();
  const early = await file(Buffer.alloc(4 * MIB, "1\n"));
  for await (const _ of early.read()) break;
  const peeked = await file(Buffer.alloc(4 * MIB, "1\n"));
  await peeked.peek();
  expect(await openFiles()).toBeGreaterThan(before);
  peeked.close();
  peeked.close();
  await vi.waitFor(async () => expect(await openFiles()).toBe(before), { timeout: 60_000 });
});

it("a file that was deleted before reading is an error with its name", async () => {
  const cwd = await tempFolder();
  await writeFile(join(cwd, "a.csv"), "1");
  const input = await fileInput("a.csv", cwd);
  await rm(join(cwd, "a.csv"));
  await expect(input.peek()).rejects.toMatchObject({ code: "ERR_IO", at: "a.csv" });
});

it.each([
  ["EACCES", "ERR_PERMISSION"],
  ["EIO", "ERR_IO"],
])("%s while reading is %s", async (code, expected) => {
  const open = (): Readable =>
    new Readable({
      read() {
        this.destroy(Object.assign(new Error(`${code}: reading`), { code }));
      },
    });
  const input = new Input({ label: "usb", stem: "usb", size: null, path: null, open });
  await expect(input.peek()).rejects.toMatchObject({ code: expected, at: "usb" });
});
