import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, it } from "vitest";
import { stdinInput } from "../../../../src/io/sources/stdin.ts";

/** What an input reads from bytes that arrive in pieces. */
async function read(bytes: Uint8Array, pieceLength: number): Promise<string> {
  const count = Math.ceil(bytes.length / pieceLength);
  const pieces = Array.from({ length: count }, (_, i) =>
    bytes.slice(i * pieceLength, (i + 1) * pieceLength),
  );
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdinInput(Readable.from(pieces)).read()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16();
const text = fc
  .string({ unit: fc.constantFrom("a", "7", ",", "\n", "°", "€", "𝄞") })
  .map((rest) => `time,temp\n${rest}`);

it.each([
  ["little-endian with a mark", "\ufeff", (bytes: Buffer) => bytes],
  ["big-endian with a mark", "\ufeff", swapped],
  ["little-endian without a mark", "", (bytes: Buffer) => bytes],
  ["big-endian without a mark", "", swapped],
])("UTF-16 %s is read as text, however it arrives", async (_, mark, encode) => {
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 40 }), async (content, length) => {
      const bytes = encode(Buffer.from(mark + content, "utf16le"));
      expect(await read(bytes, length)).toBe(content);
    }),
  );
});

it("UTF-8 stays as it is", async () => {
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 40 }), async (content, length) => {
      expect(await read(Buffer.from(content), length)).toBe(content);
    }),
  );
});
