import { describe, expect, it } from "vitest";
import { parseByteSize } from "../../../src/core/units/byte-size.ts";

describe("parseByteSize", () => {
  it.each([
    ["0B", 0],
    ["12B", 12],
    ["4kB", 4000],
    ["4KiB", 4096],
    ["1.5MiB", 1_572_864],
    ["16MB", 16e6],
    ["2GiB", 2_147_483_648],
  ])("reads %s", (text, bytes) => {
    expect(parseByteSize(text)).toBe(bytes);
  });

  it.each(["", "12", "12 MiB", "MiB", "-1kB", "1TB", "1mb", "1e3kB"])("rejects %j", (text) => {
    expect(parseByteSize(text)).toBeNull();
  });
});
