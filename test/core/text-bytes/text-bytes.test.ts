import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextBytes } from "../../../src/core/text-bytes/text-bytes.ts";

const text = new TextBytes(64);

function printed(value: number): string {
  text.addNumber(value);
  return text.takeString();
}

/** A double by its parts: all are equally likely, unlike those of `fc.double`. */
const byParts = fc
  .tuple(fc.boolean(), fc.nat(2046), fc.bigInt(0n, 2n ** 52n - 1n))
  .map(([isNegative, exponent, fraction]) => {
    const bits = (BigInt(exponent) << 52n) | fraction;
    const [value] = new Float64Array(BigUint64Array.of(bits).buffer) as unknown as [number];
    return isNegative ? -value : value;
  });

describe("TextBytes.addNumber", () => {
  it("writes any finite double as String does", () => {
    const finite = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      byParts,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 40, noNaN: true }),
      fc.maxSafeInteger(),
      // whole numbers too, so that the ends of what rounds to them may be shorter than they are
      fc
        .tuple(fc.bigInt(2n ** 52n, 2n ** 53n), fc.nat(20))
        .map(([n, power]) => Number(n) * 2 ** power),
      fc.tuple(fc.integer(), fc.nat(12)).map(([n, decimals]) => n / 10 ** decimals),
      fc.tuple(fc.nat(999), fc.integer({ min: -326, max: 305 })).map(([n, e]) => n * 10 ** e),
    );
    fc.assert(
      fc.property(finite, (value) => {
        expect(printed(value)).toBe(String(value));
      }),
      { numRuns: 20_000 },
    );
  });

  it("writes each power of two and its neighbours as String does", () => {
    const bits = new BigUint64Array(1);
    const value = new Float64Array(bits.buffer);
    const wrong: string[] = [];
    for (let power = 0n; power < 2047n; power++) {
      for (const near of [-1n, 0n, 1n]) {
        bits[0] = (power << 52n) + near;
        const [number] = value as unknown as [number];
        if (Number.isFinite(number) && printed(number) !== String(number)) {
          wrong.push(String(number));
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it("writes each decimal of up to three digits with any exponent as String does", () => {
    const wrong: string[] = [];
    for (let exponent = -324; exponent <= 308; exponent++) {
      for (let digits = 1; digits < 1000; digits += 7) {
        const value = Number(`${digits}e${exponent}`);
        if (Number.isFinite(value) && printed(value) !== String(value)) wrong.push(String(value));
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    [0, "0"],
    [-0, "0"],
    [5e-324, "5e-324"],
    [Number.MAX_VALUE, "1.7976931348623157e+308"],
    [1e21, "1e+21"],
    [123456789012345680000, "123456789012345680000"],
    [1e-6, "0.000001"],
    [-1.5e-7, "-1.5e-7"],
    [2 ** 53 - 1, "9007199254740991"],
    [2 ** 53, "9007199254740992"],
    [2e23, "2e+23"],
  ])("writes %d as %s", (value, expected) => {
    expect(printed(value)).toBe(expected);
  });
});

describe("TextBytes", () => {
  it("keeps texts and numbers in order, in as much memory as they need", () => {
    const part = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 20_000 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    fc.assert(
      fc.property(fc.array(part, { size: "max", maxLength: 200 }), (parts) => {
        const bytes = new TextBytes(0);
        const strings = parts.map((value) => (typeof value === "number" ? String(value) : value));
        for (const value of parts) {
          if (typeof value === "number") bytes.addNumber(value);
          else bytes.add(Buffer.from(value));
        }
        const all = strings.join("");
        expect(bytes.length).toBe(Buffer.byteLength(all));
        expect(bytes.takeString()).toBe(all);
        expect(bytes.length).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it("writes a long run of numbers over the end of its memory", () => {
    const bytes = new TextBytes(0);
    const values = Array.from({ length: 20_000 }, (_, i) => -Math.sqrt(i) * 1e-200);
    for (const value of values) bytes.addNumber(value);
    expect(bytes.takeString()).toBe(values.join(""));
  });
});
