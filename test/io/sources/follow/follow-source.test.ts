import {
  appendFile,
  copyFile,
  mkdir,
  open,
  readdir,
  readlink,
  rename,
  rm,
  truncate,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { FollowSource } from "../../../../src/io/sources/follow/follow-source.ts";
import type { SourcePosition } from "../../../../src/io/sources/live/live-source.ts";
import { type Running, runSource } from "../../../support/live-listener.ts";
import { Random } from "../../../support/random.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { undisturbedMs } from "../../../support/undisturbed-ms.ts";

const NAME = "x.log";

function follow(folder: string, from: SourcePosition | null = null): Running {
  const running = runSource(new FollowSource(NAME, folder), from);
  onTestFinished(() => running.stop().catch(() => {}));
  return running;
}

/** Files of a folder that this process has open. */
async function openFilesIn(folder: string): Promise<string[]> {
  const descriptors = (await readdir("/proc/self/fd")).map((name) => `/proc/self/fd/${name}`);
  const paths = await Promise.all(descriptors.map((path) => readlink(path).catch(() => "")));
  return paths.filter((path) => path.startsWith(folder));
}

describe("FollowSource", () => {
  it("reads a file from its beginning, then appended lines once they are complete", async () => {
    const folder = await tempFolder();
    const file = join(folder, NAME);
    await writeFile(file, "\ufeffa\r\nb\nc");
    const { listener } = follow(folder);
    await listener.until(({ all }) => all.length === 2);
    await appendFile(file, "d\ne");
    await listener.until(({ all }) => all.length === 3);
    expect(listener.all).toEqual(["a", "b", "cd"]);
    expect(listener.kinds).toBe("up");
  });

  it("waits for a file, and for its folder, that appear later", async () => {
    const folder = join(await tempFolder(), "later");
    const { listener } = follow(folder);
    await listener.until(({ kinds }) => kinds === "down");
    await mkdir(folder);
    await writeFile(join(folder, NAME), "a\n");
    await listener.until(({ all }) => all.length === 1);
    expect(listener.kinds).toBe("down up");
  });

  it("reads appended lines within a tenth of a second", async () => {
    const folder = await tempFolder();
    const file = join(folder, NAME);
    await writeFile(file, "");
    const { listener } = follow(folder);
    await listener.until(({ kinds }) => kinds === "up");
    const delays: number[] = [];
    for (let i = 1; i <= 9; i++) {
      await sleep(50);
      const tookMs = undisturbedMs();
      await appendFile(file, `${i}\n`);
      await listener.until(({ all }) => all.length === i);
      delays.push(tookMs());
    }
    expect(delays.sort((a, b) => a - b)[4]).toBeLessThan(100);
  });

  it("continues exactly after the last returned line, after a stop", async () => {
    const folder = await tempFolder();
    const file = join(folder, NAME);
    await writeFile(file, "1\n2\r\n3\r");
    const first = follow(folder);
    await first.listener.until(({ all }) => all.length === 3);
    await first.stop();
    await appendFile(file, "\n4\n5");
    const second = follow(folder, first.listener.position);
    await second.listener.until(({ all }) => all.length === 1);
    await appendFile(file, "0\n");
    await second.listener.until(({ all }) => all.length === 2);
    expect(second.listener.all).toEqual(["4", "50"]);
    expect(second.listener.chunks[0]?.firstLine).toBe(4);
    expect(second.listener.kinds).toBe("up");
  });

  it("finishes a file that was renamed before it reads the new one", async () => {
    const folder = await tempFolder();
    const file = join(folder, NAME);
    await writeFile(file, "1\n");
    const { listener } = follow(folder);
    await listener.until(({ all }) => all.length === 1);
    const writer = await open(file, "a");
    await rename(file, `${file}.1`);
    await writeFile(file, "5\n");
    await writer.write("2\n3\n");
    await sleep(300);
    await writer.write("4"); // its writer has not heard of the rotation yet
    await writer.close();
    await listener.until(({ all }) => all.length === 5);
    expect(listener.all).toEqual(["1", "2", "3", "4", "5"]);
    expect(listener.kinds).toBe("up");
  });

  it("finishes a file that was copied and truncated, and joins a line that was split there", async () => {
    const folder = await tempFolder();
    const file = join(folder, NAME);
    await writeFile(file, "1\n2\n");
    const first = follow(folder);
    await first.listener.until(({ all }) => all.length === 2);
    await first.stop();
    await appendFile(file, "3\n4");
    await copyFile(file, `${file}.1`);
    await writeFile(file, "0\n50\n60\n70\n80\n90\n");
    const second = follow(folder, first.listener.position);
    await second.listener.until(({ all }) => all.length === 7);
    expect(second.listener.all).toEqual(["3", "40", "50", "60", "70", "80", "90"]);
  });

  it("reads a rewritten file again from its beginning, and reports the dropped part of a line", async () => {
    const folder = await tempFolder();
    const file = join(folder, NAME);
    await writeFile(file, "1\n2");
    const { listener } = follow(folder);
    await listener.until(({ all }) => all.length === 1);
    await truncate(file);
    await listener.until(({ kinds }) => kinds === "up lost");
    await appendFile(file, "3\n");
    await listener.until(({ all }) => all.length === 2);
    await writeFile(file, "4\n5\n6\n");
    await listener.until(({ all }) => all.length === 5);
    expect(listener.all).toEqual(["1", "3", "4", "5", "6"]);
    expect(listener.events.map(({ lines }) => lines)).toEqual([0, 1, 0]);
  });

  const numbered = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, i) => `line ${from + i}\n`).join("");

  it.each([
    ["in its place", (file: string, text: string) => writeFile(file, text)],
    [
      "by another file",
      async (file: string, text: string) => {
        await writeFile(`${file}.new`, text);
        await rename(`${file}.new`, file);
      },
    ],
  ])("repeats no line of a file that was shortened %s", async (_how, replace) => {
    const folder = await tempFolder();
    const file = join(folder, NAME);
    await writeFile(file, `${numbered(0, 300)}li`);
    const { listener } = follow(folder);
    await listener.until(({ all }) => all.length === 300);
    await replace(file, `${numbered(200, 302)}l`);
    await listener.until(({ all }) => all.length === 302);
    await appendFile(file, "ine 302\n");
    await listener.until(({ all }) => all.length === 303);
    expect(listener.all.join("\n")).toBe(numbered(0, 303).trimEnd());
    expect(listener.kinds).toBe("up");
  });

  it("reports that it repeats lines of a file whose end was cut off", async () => {
    const folder = await tempFolder();
    const file = join(folder, NAME);
    await writeFile(file, numbered(0, 300));
    const { listener } = follow(folder);
    await listener.until(({ all }) => all.length === 300);
    await truncate(file, numbered(0, 200).length);
    await listener.until(({ all }) => all.length === 500);
    expect(listener.kinds).toBe("up lost");
  });

  it("reports that it repeats lines of a file that was replaced by one without its end", async () => {
    const folder = await tempFolder();
    const file = join(folder, NAME);
    await writeFile(file, numbered(0, 300));
    const { listener } = follow(folder);
    await listener.until(({ all }) => all.length === 300);
    await writeFile(`${file}.new`, numbered(0, 200));
    await rename(`${file}.new`, file);
    await listener.until(({ all }) => all.length === 500);
    expect(listener.kinds).toBe("up lost");
  });

  it("reads all files that were rotated while it was stopped, the oldest first", async () => {
    const folder = await tempFolder();
    const file = join(folder, NAME);
    await writeFile(`${file}.1`, "before\n");
    await writeFile(file, "1\n");
    const first = follow(folder);
    await first.listener.until(({ all }) => all.length === 1);
    await first.stop();
    await appendFile(file, "2\n");
    await rename(`${file}.1`, `${file}.4`);
    await rename(file, `${file}.3`);
    await writeFile(`${file}.2`, "3\n");
    await writeFile(`${file}.1`, "4");
    await writeFile(file, "5\n");
    const second = follow(folder, first.listener.position);
    await second.listener.until(({ all }) => all.length === 4);
    expect(second.listener.all).toEqual(["2", "3", "4", "5"]);
    expect(second.listener.kinds).toBe("up");
  });

  it("recognises another file with the same name, size and inode", async () => {
    const folder = await tempFolder();
    const file = join(folder, NAME);
    await writeFile(file, "1\n2\n");
    const first = follow(folder);
    await first.listener.until(({ all }) => all.length === 2);
    await first.stop();
    await writeFile(file, "3\n4\n5\n");
    const second = follow(folder, first.listener.position);
    await second.listener.until(({ all }) => all.length === 3);
    expect(second.listener.all).toEqual(["3", "4", "5"]);
    expect(second.listener.kinds).toBe("lost up");
    expect(second.listener.chunks[0]?.firstLine).toBe(3);
  });

  it("continues in a file that was deleted and created again, or moved away and back", async () => {
    const folder = await tempFolder();
    const file = join(folder, NAME);
    await writeFile(file, "1\n");
    const { listener } = follow(folder);
    await listener.until(({ all }) => all.length === 1);
    await rm(file);
    await listener.until(({ kinds }) => kinds === "up down");
    await writeFile(file, "2\n");
    await listener.until(({ all }) => all.length === 2);
    await rename(file, join(folder, "away"));
    await listener.until(({ kinds }) => kinds === "up down up down");
    await rename(join(folder, "away"), file);
    await appendFile(file, "3\n");
    await listener.until(({ all, kinds }) => all.length === 3 && kinds.endsWith("down up"));
    expect(listener.all).toEqual(["1", "2", "3"]);
  });

  it("rejects a path that is not a file", async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, NAME));
    await expect(follow(folder).ended).rejects.toMatchObject({ code: "ERR_NO_INPUT", at: NAME });
  });

  it("loses and repeats no line while files are rotated and it is stopped at any moment", async () => {
    const folder = await tempFolder();
    const file = join(folder, NAME);
    const random = new Random(7);
    const all: string[] = [];
    let written = 0;
    let position: SourcePosition | null = null;
    await writeFile(file, "");
    for (let round = 0; round < 25; round++) {
      const { listener, stop } = runSource(new FollowSource(NAME, folder), position);
      for (let step = 0; step < 12; step++) {
        const count = 1 + Math.floor(random.uniform() * 200);
        let text = "";
        for (let i = 0; i < count; i++) text += `line ${written++}\n`;
        await appendFile(file, text);
        if (random.uniform() < 0.15) await rotate(file, random.uniform() < 0.5);
        await sleep(random.uniform() * 8);
      }
      await sleep(random.uniform() * 30);
      await stop();
      all.push(...listener.all);
      position = listener.position ?? position;
    }
    const last = runSource(new FollowSource(NAME, folder), position);
    await last.listener.until((listener) => all.length + listener.all.length >= written);
    await last.stop();
    all.push(...last.listener.all);
    expect(all).toEqual(Array.from({ length: written }, (_, i) => `line ${i}`));
    expect(await openFilesIn(folder)).toEqual([]);
  });
});

/** As logrotate does it: by renaming, or by copying and cutting off. */
async function rotate(file: string, byCopy: boolean): Promise<void> {
  for (let n = 60; n >= 1; n--) await rename(`${file}.${n}`, `${file}.${n + 1}`).catch(() => {});
  if (byCopy) {
    await copyFile(file, `${file}.1`);
    await truncate(file);
  } else {
    await rename(file, `${file}.1`);
    await writeFile(file, "");
  }
}
