import fc from "fast-check";
import { expect, it } from "vitest";
import { RejectShare } from "../../src/io/reject-share.ts";

interface Line {
  readonly isReading: boolean;
  readonly at: number;
}

/** The definition: more than half of the last 50 lines, or of the last minute after a minute, at least five lines. */
function isMost(lines: readonly Line[]): boolean {
  const rejects = (some: readonly Line[]): number => some.filter((one) => !one.isReading).length;
  if (rejects(lines.slice(-50)) > 25) return true;
  const last = lines.at(-1)?.at ?? 0;
  if (last - (lines[0]?.at ?? 0) < 60_000) return false;
  const minute = lines.filter(({ at }) => Math.floor(at / 1000) > Math.floor(last / 1000) - 60);
  const some = minute.length >= 5 ? minute : lines.slice(-5);
  return rejects(some) > Math.max(some.length, 5) / 2;
}

it("RejectShare says when more than half of the newest lines are rejected, as a slow and obvious one", () => {
  const line = fc.record({
    isReading: fc.boolean(),
    gap: fc.oneof(fc.constant(0), fc.nat(400), fc.nat(40_000), fc.nat(200_000)),
  });
  const runs = fc.array(fc.tuple(line, fc.integer({ min: 1, max: 40 })), { maxLength: 30 });
  fc.assert(
    fc.property(runs, (parts) => {
      const share = new RejectShare();
      const lines: Line[] = [];
      let at = 1.7e12;
      for (const [{ isReading, gap }, count] of parts) {
        for (let i = 0; i < count; i++) {
          at += gap;
          lines.push({ isReading, at });
          share.line(isReading, at);
          expect(share.isMost !== null).toBe(isMost(lines));
          const inRow = lines.slice(-5);
          expect(share.isReadingAgain).toBe(
            inRow.length === 5 && inRow.every((one) => one.isReading),
          );
        }
      }
    }),
  );
});

it("RejectShare names the window, and forgets it with clear", () => {
  const share = new RejectShare();
  for (let i = 0; i < 26; i++) share.line(false, 1000);
  expect(share.isMost).toBe("26 of the last 26 lines");
  share.clear();
  expect(share.isMost).toBeNull();
  for (let i = 0; i < 8; i++) share.line(i < 3, 1000 + 10_000 * i);
  expect(share.isMost).toBe("5 of the 6 lines of the last minute");
  for (let i = 0; i < 5; i++) share.line(false, 1e6 + 100_000 * i);
  expect(share.isMost).toBe("5 of the last 5 lines");
});
