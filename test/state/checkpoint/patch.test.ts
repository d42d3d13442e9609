import fc from "fast-check";
import { expect, it } from "vitest";
import { applyPatch, createPatch, signatureOf } from "../../../src/state/checkpoint/patch.ts";
import { Random } from "../../support/random.ts";

/** Bytes with repeated stretches, so that blocks occur more than once and at any place. */
const bytes = fc
  .array(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 600 }), fc.boolean()), { maxLength: 12 })
  .map((stretches) => {
    const random = new Random(3);
    return Buffer.concat(
      stretches.map(([seed, length, isConstant]) =>
        Buffer.from(
          Uint8Array.from({ length }, (_, i) =>
            isConstant ? seed : 256 * random.uniform() + i * seed,
          ),
        ),
      ),
    );
  });

it("a patch of any value turns any other into it", () => {
  fc.assert(
    fc.property(bytes, bytes, fc.nat(300), (older, newer, cut) => {
      const mixed = Buffer.concat([newer.subarray(0, cut), older.subarray(cut), newer]);
      for (const target of [newer, mixed, older.subarray(cut)]) {
        const patch = createPatch(signatureOf(older), target);
        expect(Buffer.compare(applyPatch(older, patch, target.length), target)).toBe(0);
      }
    }),
    { numRuns: 500 },
  );
});

it("a patch of windows that new values shift has little more than these values", () => {
  const random = new Random(4);
  const windows = Array.from({ length: 20 }, () =>
    Array.from({ length: 500 }, () => random.normal()),
  );
  const bytesOf = (): Uint8Array => new Uint8Array(Float64Array.from(windows.flat()).buffer);
  const older = bytesOf();
  for (const window of windows) window.splice(0, 7, ...[]);
  for (const window of windows) window.push(...Array.from({ length: 7 }, () => random.normal()));
  const patch = createPatch(signatureOf(older), bytesOf());
  // of each window: the new values, two blocks that are cut, and one copy
  expect(patch.length).toBeLessThan(4 + 20 * (7 * 8 + 2 * 128 + 12));
});

it("a patch of another value is rejected, or gives a value of the right length", () => {
  const random = new Random(5);
  const noise = (length: number): Uint8Array =>
    Uint8Array.from({ length }, () => 256 * random.uniform());
  const older = noise(2000);
  const newer = Buffer.concat([noise(100), older]);
  const patch = createPatch(signatureOf(older), newer);
  expect(() => applyPatch(older.subarray(0, 500), patch, newer.length)).toThrow(RangeError);
  expect(() => applyPatch(older, patch, newer.length + 1)).toThrow(RangeError);
  expect(() => applyPatch(older, patch.subarray(0, 3), newer.length)).toThrow(RangeError);
});
