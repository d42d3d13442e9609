import { crc32, deflateRawSync } from "node:zlib";

/** A file for a zip archive. */
export interface ZipEntry {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** By default deflated. */
  readonly method?: "stored" | "deflated";
  /** Whether the archive says that it is encrypted; its bytes are not. */
  readonly isEncrypted?: boolean;
}

const numbers = (...parts: readonly (readonly [value: number, bytes: number])[]): Buffer =>
  Buffer.concat(
    parts.map(([value, bytes]) => {
      const buffer = Buffer.alloc(bytes);
      buffer.writeUIntLE(value, 0, bytes);
      return buffer;
    }),
  );

/** A zip archive with these files. */
export function zipOf(...entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content, method = "deflated", isEncrypted = false } of entries) {
    const bytes = Buffer.from(content);
    const packed = method === "stored" ? bytes : deflateRawSync(bytes);
    const named = Buffer.from(name);
    const facts = numbers(
      [20, 2], // version needed
      [isEncrypted ? 1 : 0, 2],
      [method === "stored" ? 0 : 8, 2],
      [0, 4], // date and time
      [crc32(bytes), 4],
      [packed.length, 4],
      [bytes.length, 4],
      [named.length, 2],
      [0, 2], // extra field
    );
    const local = Buffer.concat([numbers([0x04034b50, 4]), facts, named, packed]);
    // comment, disk and attributes are 0
    const rest = numbers([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]);
    central.push(Buffer.concat([numbers([0x02014b50, 4], [20, 2]), facts, rest, named]));
    locals.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(central);
  const count = entries.length;
  const end = numbers(
    ...([
      [0x06054b50, 4],
      [0, 4],
      [count, 2],
      [count, 2],
      [index.length, 4],
      [offset, 4],
      [0, 2],
    ] as const),
  );
  return Buffer.concat([...locals, index, end]);
}
