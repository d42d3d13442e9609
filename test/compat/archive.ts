import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";

/** Logs of LevelDB, and files whose content is never read. */
const IGNORED = /\/(LOG|LOG\.old|LOCK|owner\.pid|reserve)$/;

/** Packs the files below a folder: one line of paths and lengths, then the bytes, compressed. */
export async function pack(folder: string): Promise<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !IGNORED.test(path))
    .sort();
  const files = await Promise.all(paths.map((path) => readFile(join(folder, path))));
  const index = JSON.stringify(paths.map((path, i) => [path, files[i]?.length]));
  return brotliCompressSync(Buffer.concat([Buffer.from(`${index}\n`), ...files]));
}

/** Writes the files of {@link pack} below a folder. */
export async function unpack(packed: Uint8Array, folder: string): Promise<void> {
  const bytes = brotliDecompressSync(packed);
  let at = bytes.indexOf("\n") + 1;
  const index: [path: string, length: number][] = JSON.parse(bytes.toString("utf8", 0, at));
  for (const [path, length] of index) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes.subarray(at, at + length));
    at += length;
  }
}
