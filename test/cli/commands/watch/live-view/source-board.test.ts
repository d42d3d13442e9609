import { describe, expect, it } from "vitest";
import { SourceBoard } from "../../../../../src/cli/commands/watch/live-view/source-board.ts";

const happening = { detail: "", lines: 0 };

describe("SourceBoard", () => {
  it("shows the readings per second of the last five whole seconds", () => {
    const board = new SourceBoard(["a"]);
    const rateAt = (ms: number) => board.lines(ms)[0]?.readingsPerSecond;
    for (let ms = 100_000; ms < 110_000; ms += 100) board.readings("a", 2, ms);
    expect(rateAt(110_000)).toBe(20);
    expect(rateAt(112_999)).toBe(12);
    expect(rateAt(115_000)).toBe(0);
    expect(rateAt(900_000)).toBe(0);
  });

  it("shows since when a source is up or down, regardless of lost lines", () => {
    const board = new SourceBoard(["a", "b"]);
    board.event("a", { ...happening, kind: "up", atMs: 1000 });
    board.event("a", { ...happening, kind: "lost", atMs: 1500 });
    board.event("a", { ...happening, kind: "down", atMs: 2000 });
    board.event("a", { ...happening, kind: "down", atMs: 3000 });
    const [a, b] = board.lines(0);
    expect(a).toMatchObject({ label: "a", isUp: false, since: 2000 });
    expect(b).toMatchObject({ label: "b", isUp: null, since: Number.NaN });
  });

  it("counts rejected and dropped lines by source", () => {
    const board = new SourceBoard(["a", "b"]);
    board.rejected("b");
    board.dropped("b", 100);
    board.dropped("b", 1);
    board.rejected("unknown");
    expect(board.lines(0)).toMatchObject([
      { rejected: 0, dropped: 0 },
      { rejected: 1, dropped: 101 },
    ]);
  });
});
