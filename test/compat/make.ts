/**
 * Makes the fixtures of a version: `npx tsx test/compat/make.ts NAME BINARY`. See `README.md` beside it.
 *
 * @module
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { pack, unpack } from "./archive.ts";
import { SCENARIOS } from "./scenarios.ts";

const [name = "", path = ""] = process.argv.slice(2);
const binary = resolve(path);
const target = fileURLToPath(new URL(name, import.meta.url));
await mkdir(target, { recursive: true });

await Promise.all(
  Object.entries(SCENARIOS).map(async ([scenario, { make, resume }]) => {
    const root = await mkdtemp(join(tmpdir(), "iotmon-compat-"));
    const made = join(root, "made");
    const resumed = join(root, "resumed");
    await mkdir(made);
    await make(binary, made);
    const packed = await pack(made);
    await writeFile(join(target, `${scenario}.files.br`), packed);
    await unpack(packed, resumed);
    const expected = await resume(binary, resumed, null);
    await writeFile(
      join(target, `${scenario}.expected.br`),
      brotliCompressSync(JSON.stringify(expected)),
    );
    await rm(root, { recursive: true });
  }),
);
