import { readdir, readlink, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { SerialOptions } from "../../src/io/sources/serial/serial-run.ts";
import { SerialSource } from "../../src/io/sources/serial/serial-source.ts";
import { type Running, runSource } from "../support/live-listener.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { undisturbedMs } from "../support/undisturbed-ms.ts";
import { Pty, requirePrograms } from "./pty.ts";

const CYCLES = Number(process.env["IOTMON_REPLUGS"] ?? 10);
const SETTINGS = { baud: 115_200, rtscts: false, staleMs: null } as const;

/** Longer than the silence after which a port starts with a whole line. */
const settle = (): Promise<void> => sleep(350);

function read(path: string, settings: Partial<SerialOptions> = {}): Running {
  const running = runSource(new SerialSource({ ...SETTINGS, path, ...settings }, "/"));
  onTestFinished(() => running.stop().catch(() => {}));
  return running;
}

const isUp = ({ kinds }: Running["listener"]): boolean => kinds.endsWith("up");

/** Terminals open in this process. */
async function openTerminals(): Promise<number> {
  const names = await readdir("/proc/self/fd");
  const paths = await Promise.all(
    names.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")),
  );
  return paths.filter((path) => path.startsWith("/dev/pts/")).length;
}

const openFiles = async (): Promise<number> => (await readdir("/proc/self/fd")).length;

describe("SerialSource", () => {
  beforeAll(() => requirePrograms("socat"));

  it("reads 100,000 lines at full speed without losing one", async () => {
    const port = await Pty.plug(join(await tempFolder(), "port"));
    const { listener } = read(port.link);
    await listener.until(isUp);
    await settle();
    const lines = Array.from({ length: 100_000 }, (_, i) => `n:${i},temp:${(i % 400) / 10}`);
    await port.write(`${lines.join("\r\n")}\r\n`);
    await listener.until(({ all }) => all.length >= lines.length);
    expect(listener.all).toEqual(lines);
    expect(listener.kinds).toBe("up");
  });

  it(`loses at most the cut line in ${CYCLES} unpluggings, and leaks no descriptor`, async () => {
    const link = join(await tempFolder(), "port");
    const { listener } = read(link);
    const delays: number[] = [];
    const backs: number[] = [];
    let next = 0;
    let descriptors: number | null = null;
    for (let cycle = 1; cycle <= CYCLES; cycle++) {
      const port = await Pty.plug(link);
      const backMs = undisturbedMs();
      await listener.until(isUp);
      await port.write(`${next++}\n`); // directly after opening, so it may be cut
      await settle();
      for (let i = 0; i < 5; i++) await port.write(`${next++}\n`);
      await listener.until(({ all }) => all.at(-1) === String(next - 1));
      backs.push(backMs());
      await port.write(`${next}`);
      await sleep(20);
      await port.unplug();
      const noticedMs = undisturbedMs();
      await listener.until(({ kinds }) => kinds.endsWith("down"));
      delays.push(noticedMs());
      await sleep(50);
      descriptors ??= await openFiles();
      expect(await openFiles()).toBeLessThanOrEqual(descriptors);
    }
    const lost = Array.from({ length: next }, (_, i) => String(i)).filter(
      (line, i) => listener.all[i] !== line && !listener.all.includes(line),
    );
    expect(lost.length).toBeLessThanOrEqual(CYCLES);
    expect(lost.every((line) => Number(line) % 6 === 0)).toBe(true);
    expect(new Set(listener.all).size).toBe(listener.all.length);
    expect(Math.max(...delays)).toBeLessThan(1000);
    expect(Math.max(...backs) - 350).toBeLessThan(2000);
    if (process.env["IOTMON_REPLUGS"] !== undefined) {
      process.stderr.write(
        `${CYCLES} cycles: ${lost.length} first lines cut, noticed within ${Math.max(...delays).toFixed(0)} ms, ` +
          `back within ${(Math.max(...backs) - 350).toFixed(0)} ms, ${descriptors} descriptors\n`,
      );
    }
  }, 600_000);

  it("finds a port again under another name", async () => {
    const folder = await tempFolder();
    const { listener } = read(join(folder, "ttyTEST*"));
    await listener.until(({ kinds }) => kinds === "down");
    const first = await Pty.plug(join(folder, "ttyTEST0"));
    await listener.until(isUp);
    await settle();
    await first.write("a\n");
    await listener.until(({ all }) => all.length === 1);
    await first.unplug();
    await listener.until(({ kinds }) => kinds === "down up down");
    const second = await Pty.plug(join(folder, "ttyTEST1"));
    await listener.until(isUp);
    await settle();
    await second.write("b\n");
    await listener.until(({ all }) => all.length === 2);
    expect(listener.all).toEqual(["a", "b"]);
    expect(listener.events.at(-1)?.detail).toContain("ttyTEST1");
  });

  it("follows a stable name to its current target", async () => {
    const folder = await tempFolder();
    const stable = join(folder, "usb-Arduino-if00");
    await symlink(join(folder, "ttyTEST0"), stable);
    const { listener } = read(stable);
    const first = await Pty.plug(join(folder, "ttyTEST0"));
    await listener.until(isUp);
    await first.unplug();
    await listener.until(({ kinds }) => kinds.endsWith("up down"));
    const again = await Pty.plug(join(folder, "ttyTEST0"));
    await listener.until(isUp);
    await settle();
    await again.write("a\n");
    await listener.until(({ all }) => all.length === 1);
  });

  it("continues after garbage, NUL bytes and endless lines", async () => {
    const port = await Pty.plug(join(await tempFolder(), "port"));
    const { listener } = read(port.link);
    await listener.until(isUp);
    await settle();
    const garbage = Buffer.from(
      Array.from({ length: 300_000 }, (_, i) => ((i * 2_654_435_761) >>> 13) & 0xff),
    );
    await port.write("before\n");
    await port.write(garbage);
    await port.write("\n");
    await port.write(Buffer.alloc(200_000, "x"));
    await port.write("\nafter\n");
    await listener.until(({ all }) => all.at(-1) === "after");
    expect(listener.all[0]).toBe("before");
    expect(listener.chunks.reduce((sum, { repaired }) => sum + repaired, 0)).toBeGreaterThan(100);
    expect(listener.events.find(({ kind }) => kind === "lost")?.lines).toBe(1);
  });

  it("joins a line that arrives in parts, and drops a line whose start it missed", async () => {
    const port = await Pty.plug(join(await tempFolder(), "port"));
    const flowing = setInterval(() => void port.write("temp:23.4\n"), 5);
    onTestFinished(() => clearInterval(flowing));
    const { listener } = read(port.link);
    await listener.until(({ all }) => all.length > 20);
    clearInterval(flowing);
    await sleep(100);
    const before = listener.all.length;
    for (const piece of ["te", "mp:2", "3.4\r", "\nhum", ":45\r\n"]) {
      await port.write(piece);
      await sleep(10);
    }
    await listener.until(({ all }) => all.length === before + 2);
    expect(new Set(listener.all)).toEqual(new Set(["temp:23.4", "hum:45"]));
  });

  it("emits a header that a device prints when it is opened", async () => {
    const port = await Pty.plug(join(await tempFolder(), "port"));
    const { listener } = read(port.link);
    await listener.until(isUp);
    await sleep(400); // its boot loader
    await port.write("time,temp\n1,23.4\n");
    await listener.until(({ all }) => all.length === 2);
    expect(listener.all).toEqual(["time,temp", "1,23.4"]);
  });

  it("reopens a silent port, and reports it once", async () => {
    const port = await Pty.plug(join(await tempFolder(), "port"));
    const { listener } = read(port.link, { staleMs: 1000 });
    await listener.until(isUp);
    await settle();
    await port.write("a\n");
    await sleep(3500);
    expect(listener.kinds).toBe("up down");
    expect(listener.events.at(-1)?.detail).toContain("silent");
    const speaking = setInterval(() => void port.write("b\n"), 50);
    onTestFinished(() => clearInterval(speaking));
    await listener.until(({ kinds, all }) => kinds.startsWith("up down up") && all.length > 10);
  });

  it("reads several ports at once", async () => {
    const folder = await tempFolder();
    const ports = await Promise.all(["a", "b", "c"].map((name) => Pty.plug(join(folder, name))));
    const running = ports.map(({ link }) => read(link));
    await Promise.all(running.map(({ listener }) => listener.until(isUp)));
    await settle();
    const lines = (name: number): string[] =>
      Array.from({ length: 5000 }, (_, i) => `${name},${i}`);
    await Promise.all(ports.map((port, name) => port.write(`${lines(name).join("\n")}\n`)));
    await Promise.all(
      running.map(({ listener }) => listener.until(({ all }) => all.length === 5000)),
    );
    for (const [name, { listener }] of running.entries()) expect(listener.all).toEqual(lines(name));
  });

  it("detects the baud rate at which lines are readable, and loses no line", async () => {
    const port = await Pty.plug(join(await tempFolder(), "port"));
    const { listener } = read(port.link, { baud: "auto" });
    await settle();
    await sleep(500);
    await port.write("temp:1\ntemp:2\n");
    await port.write("temp:3\n");
    await listener.until(({ all }) => all.length === 3);
    expect(listener.all).toEqual(["temp:1", "temp:2", "temp:3"]);
    expect(listener.kinds).toBe("up");
    expect(listener.events[0]?.detail).toContain("115200 baud, detected");
  });

  it("tries all baud rates while no line is readable, reports it, and stops at the first that works", async () => {
    const port = await Pty.plug(join(await tempFolder(), "port"));
    const { listener } = read(port.link, { baud: "auto" });
    const garbage = Buffer.alloc(64, "\x80\xff\x00\xfe\x1f", "latin1");
    let text: string | Buffer = garbage;
    const speaking = setInterval(() => void port.write(text), 10);
    onTestFinished(() => clearInterval(speaking));
    await listener.until(({ kinds }) => kinds === "down");
    expect(listener.all).toEqual([]);
    text = "temp:23.4\n";
    await listener.until(({ kinds, all }) => kinds === "down up" && all.length > 10);
    expect(new Set(listener.all)).toEqual(new Set(["temp:23.4"]));
  });

  it("stops at once, open or waiting, and leaves nothing open", async () => {
    const folder = await tempFolder();
    const port = await Pty.plug(join(folder, "port"));
    const before = await openTerminals();
    const running = read(port.link);
    await running.listener.until(isUp);
    expect(await openTerminals()).toBe(before + 1);
    const start = performance.now();
    await running.stop();
    expect(await openTerminals()).toBe(before);
    const waiting = read(join(folder, "nothing"));
    await waiting.listener.until(({ kinds }) => kinds === "down");
    await waiting.stop();
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it("reports that another program uses the port, and reads it when that closes it", async () => {
    const port = await Pty.plug(join(await tempFolder(), "port"));
    const first = read(port.link);
    await first.listener.until(isUp);
    const second = read(port.link);
    await second.listener.until(({ kinds }) => kinds === "down");
    expect(second.listener.events[0]?.detail).toContain("another program has it open");
    await first.stop();
    await second.listener.until(({ kinds }) => kinds === "down up");
  });

  it("rejects a file that is not a port", async () => {
    const path = join(await tempFolder(), "file");
    await writeFile(path, "");
    await expect(read(path).ended).rejects.toMatchObject({ code: "ERR_NO_INPUT", at: path });
  });

  it("fails with the error of the listener, and closes the port", async () => {
    const port = await Pty.plug(join(await tempFolder(), "port"));
    const before = await openTerminals();
    const source = new SerialSource({ ...SETTINGS, path: port.link }, "/");
    const lines = (): void => {
      throw new TypeError("a bug");
    };
    const ended = source.run({ lines, event() {} }, null, AbortSignal.timeout(20_000));
    const speaking = setInterval(() => void port.write("a\n"), 20);
    onTestFinished(() => clearInterval(speaking));
    await expect(ended).rejects.toThrow("a bug");
    expect(await openTerminals()).toBe(before);
  });
});
