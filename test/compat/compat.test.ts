import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { unpack } from "./archive.ts";
import { withoutModels } from "./model-free.ts";
import { SCENARIOS } from "./scenarios.ts";

const BINARY = fileURLToPath(new URL("../../bin/iotmon.js", import.meta.url));

const fixture = (name: string): Promise<Buffer> => readFile(new URL(name, import.meta.url));

describe.each(["580e96d"])("what version %s left on the disk", (version) => {
  it.concurrent.each(Object.entries(SCENARIOS))(
    "gives with this version what it gave with that one: %s",
    async (name, { resume }) => {
      const folder = await mkdtemp(join(tmpdir(), "iotmon-compat-")); // goes with that of the run
      await unpack(await fixture(`${version}/${name}.files.br`), folder);
      const expected = JSON.parse(
        brotliDecompressSync(await fixture(`${version}/${name}.expected.br`)).toString(),
      );
      const got = withoutModels(await resume(BINARY, folder, expected));
      expect(got).toEqual(withoutModels(expected));
    },
  );

  it("is tested in every scenario", async () => {
    const files = await readdir(new URL(version, import.meta.url));
    const names = Object.keys(SCENARIOS).flatMap((name) => [
      `${name}.expected.br`,
      `${name}.files.br`,
    ]);
    expect(files.sort()).toEqual(names.sort());
  });
});
