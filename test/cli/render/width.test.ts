import { clearLine, cursorTo, moveCursor } from "node:readline";
import { PassThrough } from "node:stream";
import { expect, it, onTestFinished, vi } from "vitest";
import { startProgress } from "../../../src/cli/commands/replay/output/progress.ts";
import { widthOf } from "../../../src/cli/render/stream.ts";

/** A stream as a terminal of this many columns. */
function terminal(columns: number) {
  const stream = new PassThrough();
  return Object.assign(stream, {
    isTTY: true as const,
    columns,
    cursorTo: (x: number) => cursorTo(stream, x),
    moveCursor: (dx: number, dy: number) => moveCursor(stream, dx, dy),
    clearLine: (side: -1 | 0 | 1) => clearLine(stream, side),
  });
}

it("a terminal has its reported width, or 80 columns if it reports 0; a pipe has no limit", () => {
  expect(widthOf(terminal(132))).toBe(132);
  expect(widthOf(terminal(0))).toBe(80);
  expect(widthOf(new PassThrough())).toBe(Number.POSITIVE_INFINITY);
});

it("progress is shown on a terminal, but not on one with 0 columns", async () => {
  vi.stubEnv("CI", undefined); // there the library shows nothing anywhere
  vi.stubEnv("TERM", "xterm");
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  for (const columns of [80, 0]) {
    const stream = terminal(columns);
    const progress = await startProgress(stream, true);
    await new Promise((resolve) => setTimeout(resolve, 120));
    progress.update(1000, 0.5);
    progress.clear();
    const shown = stream.read();
    if (columns === 0) expect(shown).toBeNull();
    else expect(String(shown)).toContain("50 %, 1,000 readings");
  }
});
