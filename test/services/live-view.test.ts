import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { tempFolder } from "../support/temp-folder.ts";
import { requirePrograms } from "./pty.ts";
import { Terminal, type TerminalSetup } from "./terminal.ts";

const BINARY = fileURLToPath(new URL("../../bin/iotmon.js", import.meta.url));
/** The start of each paint. */
const BEGIN = "\u001b[?2026h";
const START = Date.UTC(2026, 2, 1, 9);
const PIPELINE = `version: 1
name: greenhouse
source: {type: file, path: sensors.log}
buffer:
  schema: {timestamp: datetime, sensor_id: str, temp: float}
  columns: {temp: {unit: °C}}
detectors:
  - {name: anomaly, algorithm: ecod, warmup_period: 40}
  - {name: hot, algorithm: threshold, when: temp > 40, severity: critical}
`;

/** Rounds of readings: one of each sensor, a second apart. */
class Rounds {
  readonly #file: string;
  readonly #sensors: readonly string[];
  #round = 0;

  constructor(file: string, sensors: readonly string[]) {
    this.#file = file;
    this.#sensors = sensors;
  }

  /** Appends rounds; the first sensor may be hot in them. */
  async add(count: number, firstTemp = 22.5): Promise<void> {
    let text = "";
    for (let i = 0; i < count; i++, this.#round++) {
      const timestamp = new Date(START + 1000 * this.#round).toISOString();
      for (const [s, sensor_id] of this.#sensors.entries()) {
        const temp = s === 0 ? firstTemp : 20 + (s % 7) + (this.#round % 5) / 10;
        text += `${JSON.stringify({ timestamp, sensor_id, temp })}\n`;
      }
    }
    await appendFile(this.#file, text);
  }
}

/** `watch` in a terminal; its shell prints the exit code. */
async function watching(
  sensors: readonly string[],
  size: Pick<TerminalSetup, "columns" | "rows">,
  options = "",
  env = "",
) {
  const cwd = await tempFolder();
  await writeFile(join(cwd, "pipeline.yaml"), PIPELINE);
  const log = join(cwd, "sensors.log");
  await writeFile(log, "");
  await writeFile(join(cwd, "words.txt"), "no number\n".repeat(30));
  const watch = `"${process.execPath}" "${BINARY}" watch -p pipeline.yaml ${options}`;
  // Ctrl-C is for the program, not for the shell
  const command = `trap : INT; sh -c 'echo $$ >pid; exec env ${env} ${watch}'; echo "exit $?"; exec sleep 600`;
  const terminal = await Terminal.open(command, { ...size, cwd });
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    process.kill(Number(await readFile(join(cwd, "pid"), "utf8")), signal);
  };
  return { terminal, log, kill, rounds: new Rounds(log, sensors) };
}

const three = ["pump-1", "kühl-温度計", "s\u001b[31m3"];
const many = Array.from({ length: 200 }, (_, i) => `sensor-${i}`);
const small = { columns: 80, rows: 24 };
const large = { columns: 200, rows: 50 };

describe("live view", () => {
  beforeAll(() => requirePrograms("tmux"));

  it("shows sensors and sources, alerts above them, and the totals after Ctrl-C", async () => {
    const { terminal, rounds, log } = await watching(three, small);
    await rounds.add(20);
    const warming = await terminal.until(/warming 20\/40/);
    expect(warming).toMatch(/^warming 20\/40 {2}pump-1 +temp 22\.5 °C +░░░░░ 0\.00 +▁+ +–$/m);
    expect(warming).toMatch(/^warming 20\/40 {2}kühl-温度計 {2}temp 21/m);
    expect(warming).toMatch(/^warming 20\/40 {2}s\u{FFFD}\[31m3 +temp 22/mu);
    expect(warming).toMatch(/^sensors\.log up since .* readings\/s · 0 rejected · 0 dropped$/m);
    await rounds.add(40);
    await terminal.until(/3 ok/);
    await appendFile(log, "{broken\n");
    await rounds.add(1, 50);
    await terminal.until(/^critical {2}pump-1 +temp 50 °C +█████ 1\.00 .*█ +[12]$/m);
    const screen = await terminal.until(/^2026-03-01 09:01:00 critical pump-1 hot/m); // may appear later
    expect(screen).toMatch(/^critical {2}pump-1 +temp 50 °C +█████ 1\.00 .*█ +[12]$/m);
    expect(screen).toContain("1 rejected");
    expect(screen).toContain("warning: sensors.log:181: the line is not JSON");
    expect(screen).toMatch(/^2026-03-01 09:01:00 critical pump-1 hot: temp 50 °C: temp > 40/m);
    expect(screen.indexOf("critical pump-1 hot")).toBeLessThan(
      screen.indexOf("greenhouse: 3 sensors"),
    );
    expect(screen.match(/greenhouse: 3 sensors/g)).toHaveLength(1);
    await terminal.press("C-c");
    const after = await terminal.until(/exit 0$/);
    expect(after).toMatch(/^critical {2}pump-1 .*\n(.*\n)+183 readings, 1 line rejected \(/m);
    expect(await terminal.isAsUsual()).toBe(true);
  });

  it("shows the worst of 200 sensors and counts the others, in terminals that are resized", async () => {
    const { terminal, rounds } = await watching(many, small);
    await rounds.add(3);
    const isShown = async (columns: number, rows: number, more: RegExp): Promise<void> => {
      await terminal.resize(columns, rows);
      const text = await terminal.until(more);
      expect(text.match(/greenhouse: 200 sensors/g)).toHaveLength(1);
      expect(text.split("\n").at(-1)).toMatch(/^sensors\.log up since/);
    };
    await isShown(80, 24, /^and 186 more: 186 warming$/m);
    await isShown(200, 50, /^and 164 more: 164 warming$/m);
    await isShown(40, 10, /^and 196 more: 196 warming$/m);
    await isShown(80, 24, /^and 186 more: 186 warming$/m);
    await rounds.add(1, 60);
    const hot = await terminal.until(/^critical +sensor-0 /m);
    expect(hot.split("\n").findIndex((line) => /^critical +sensor-0 /.test(line))).toBe(
      hot.split("\n").findIndex((line) => line.startsWith("STATE")) + 1,
    );
    await terminal.until(/critical sensor-0 hot: temp 60 °C: temp > 40/);
  });

  it.each([
    ["SIGTERM", 0],
    ["SIGHUP", 129],
    ["SIGQUIT", 131],
  ] as const)("restores the terminal after %s", async (signal, exit) => {
    const { terminal, rounds, kill } = await watching(three, small);
    await rounds.add(2);
    await terminal.until(/warming 2\/40/);
    expect(await terminal.isAsUsual()).toBe(false);
    await kill(signal);
    await terminal.until(new RegExp(`^exit ${exit}$`, "m"));
    expect(await terminal.isAsUsual()).toBe(true);
  });

  it("is erased before the error that ends the program", async () => {
    const { terminal } = await watching(three, small, "- --state other <words.txt");
    const text = await terminal.until(/^exit 65$/m);
    expect(text).toMatch(/^error: .*\n( .*\n)*exit 65$/m);
    expect(text).not.toContain("greenhouse: waiting");
    expect(await terminal.isAsUsual()).toBe(true);
  });

  it("differs only in colours with NO_COLOR or --no-color", async () => {
    const views = await Promise.all(
      [
        { options: "", env: "" },
        { options: "", env: "NO_COLOR=1" },
        { options: "--no-color", env: "" },
      ].map(async ({ options, env }) => {
        const { terminal, rounds } = await watching(three, large, options, env);
        await rounds.add(3);
        await terminal.until(/^warming 3\/40 .*\nwarming 3\/40 .*\nwarming 3\/40/m);
        const title = /greenhouse: [\s\S]*?(?=\nsensors\.log)/;
        const text = (await terminal.text()).match(title)?.[0];
        return { text, hasColor: (await terminal.colored()).includes("\u001b[") };
      }),
    );
    expect(views.map(({ hasColor }) => hasColor)).toEqual([true, false, false]);
    expect(new Set(views.map(({ text }) => text)).size).toBe(1);
  });

  it("is off on a terminal that can't show it", async () => {
    const { terminal, rounds } = await watching(three, small, "--all", "TERM=dumb");
    await rounds.add(2);
    const text = await terminal.until(/^2026-03-01 09:00:01 .*s.\[31m3 temp 22/mu);
    expect(text).toMatch(/^2026-03-01 09:00:01 ok {7}pump-1 temp 22\.5 /m);
    expect(text).not.toContain("greenhouse: 3 sensors");
    expect(await terminal.isAsUsual()).toBe(true);
  });

  it("shows every reading above it with --all", async () => {
    const { terminal, rounds } = await watching(three, small, "--all");
    await rounds.add(2);
    await terminal.until(
      /^2026-03-01 09:00:01 ok {7}pump-1 temp 22\.5 .*\n(.*\n)+greenhouse: 3 sensors/m,
    );
  });

  it("paints a few times a second while readings arrive, and never while nothing changes", async () => {
    const { terminal, rounds } = await watching(three, small);
    await rounds.add(2);
    await terminal.until(/ 1\.2 readings\/s/);
    await terminal.until(/ 0\.0 readings\/s/);
    const paintings = async (during: () => Promise<void>): Promise<number> => {
      const file = join(await tempFolder(), "output");
      await terminal.copyTo(file);
      await during();
      return (await readFile(file, "utf8")).split(BEGIN).length - 1;
    };
    expect(await paintings(() => sleep(2500))).toBe(0);
    const start = performance.now();
    const count = await paintings(async () => {
      while (performance.now() < start + 2000) {
        await rounds.add(10);
        await sleep(10);
      }
    });
    expect(count).toBeGreaterThan(2);
    expect(count).toBeLessThanOrEqual((performance.now() - start) / 100);
  });
});
