import fc from "fast-check";
import { expect, it } from "vitest";
import { formatCount } from "../../../src/cli/render/format.ts";

it("groups the digits of a count with commas", () => {
  const english = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
  fc.assert(
    fc.property(fc.oneof(fc.nat(), fc.maxSafeNat(), fc.nat(9999)), (count) => {
      expect(formatCount(count)).toBe(english.format(count));
    }),
  );
  expect(formatCount(22695)).toBe("22,695");
});
