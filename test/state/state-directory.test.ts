import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { requireStateDirectory, StateDirectory } from "../../src/state/state-directory.ts";
import type { Damage } from "../../src/state/state-error.ts";
import { runScript } from "../support/run-script.ts";
import { tempFolder } from "../support/temp-folder.ts";

const NOBODY = 65534;

const open = (path: string, damages: Damage[] = []): Promise<StateDirectory> =>
  StateDirectory.open(path, (damage) => damages.push(damage));

const HOLDER = `
import { StateDirectory } from "@/state/state-directory.ts";
await StateDirectory.open(process.argv[2], () => {});
console.log("open");
setInterval(() => {}, 1000);
`;

describe("StateDirectory", () => {
  it("is created with its parent folders, and can be opened again", async () => {
    const path = join(await tempFolder(), "a", "b");
    for (let i = 0; i < 2; i++) {
      const state = await open(path);
      const log = await state.openLog("journal");
      log.append(Buffer.from("x"));
      await log.close();
      const checkpoints = await state.openCheckpoints();
      await checkpoints.begin().save();
      await checkpoints.close();
      await state.close();
    }
    const names = [
      "checkpoints",
      "checkpoints.range",
      "format",
      "format.check",
      "journal",
      "journal.range",
      "lock",
    ];
    expect((await readdir(path)).sort()).toEqual(names);
  });

  it("belongs to one process until that is killed, and names it to others", async () => {
    const path = join(await tempFolder(), "state");
    const { child, line, ended } = await runScript(HOLDER, { args: [path] });
    expect(await line()).toBe("open");
    await expect(open(path)).rejects.toMatchObject({
      code: "ERR_STATE",
      message: `the state directory is in use by process ${child.pid}`,
      at: path,
      hint: expect.stringContaining("Stop that process first"),
    });
    child.kill("SIGKILL");
    await ended;
    const state = await open(path);
    await state.close();
  });

  it("is for one of many that open it at once, also with a long path", async () => {
    for (const path of [await tempFolder(), join(await tempFolder(), "long".repeat(40))]) {
      for (let round = 0; round < 5; round++) {
        const opened = await Promise.allSettled(Array.from({ length: 8 }, () => open(path)));
        const states = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
        expect(states).toHaveLength(1);
        for (const one of opened) {
          if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "ERR_STATE" });
        }
        await states[0]?.close();
        expect(await readdir(join(path, "lock"))).toEqual([]);
      }
    }
  });

  it("ignores files that are not locks, even with the number of a live process", async () => {
    const path = join(await tempFolder(), "state");
    await (await open(path)).close();
    for (const name of ["LOCK", "CURRENT", `${process.ppid}.00000000`]) {
      await writeFile(join(path, "lock", name), "");
    }
    const state = await open(path);
    await expect(open(path)).rejects.toMatchObject({
      message: `the state directory is in use by process ${process.pid}`,
    });
    await state.close();
  });

  it("rejects the state of a later version, and changes nothing in it", async () => {
    const path = await tempFolder();
    await writeFile(join(path, "format"), "4\n");
    const refused = {
      code: "ERR_STATE",
      message: "the state directory has format 4, this iotmon knows up to 3",
      hint: expect.stringContaining("newer iotmon"),
    };
    await expect(open(path)).rejects.toMatchObject(refused);
    await expect(requireStateDirectory(path)).rejects.toMatchObject(refused);
    expect(await readdir(path)).toEqual(["format"]);
  });

  it("does not take a damaged format for that of a later iotmon, or a lost one for none", async () => {
    for (const text of ["7\n", "", null]) {
      const path = join(await tempFolder(), "state");
      await (await open(path)).close();
      await rm(join(path, "format"));
      if (text !== null) await writeFile(join(path, "format"), text);
      await requireStateDirectory(path);
      const damages: Damage[] = [];
      await (await open(path, damages)).close();
      expect(damages).toMatchObject([{ at: "format" }]);
      expect(await readFile(join(path, "format"), "utf8")).toBe("3\n");
    }
  });

  it("refuses the checked format of a later iotmon, also if its format is damaged", async () => {
    const path = await tempFolder();
    await writeFile(join(path, "format"), "3\n");
    await writeFile(join(path, "format.check"), `4 ${crc32("format 4").toString(16)}\n`);
    await expect(open(path)).rejects.toMatchObject({ code: "ERR_STATE" });
  });

  it("rewrites a damaged format file, and reports it", async () => {
    const path = await tempFolder();
    await writeFile(join(path, "format"), "");
    const damages: Damage[] = [];
    await (await open(path, damages)).close();
    expect(damages).toMatchObject([{ at: "format" }]);
    expect(await readFile(join(path, "format"), "utf8")).toBe("3\n");
    await requireStateDirectory(path);
  });

  it("reports damage once, not counting reports of an inspection", async () => {
    const path = await tempFolder();
    await writeFile(join(path, "format"), "");
    const looked = await StateDirectory.open(path, () => {}, "inspect");
    await looked.close();
    for (const times of [1, 0]) {
      const damages: Damage[] = [];
      const state = await open(path, damages);
      expect(damages.map(({ at }) => at)).toEqual(Array(times).fill("format"));
      expect(state.newDamages).toMatchObject(damages);
      expect(state.damages).toMatchObject([{ at: "format", isTold: true }]);
      await state.close();
    }
  });

  it("opens with a directory in the place of any file, and with a file in the place of a directory", async () => {
    for (const name of ["format", "damage.jsonl", "down.json", "lock", "journal", "checkpoints"]) {
      const path = join(await tempFolder(), "state");
      await mkdir(path);
      const isFolder = ["lock", "journal", "checkpoints"].includes(name);
      if (isFolder) await writeFile(join(path, name), "");
      else await mkdir(join(path, name));
      const damages: Damage[] = [];
      const state = await open(path, damages);
      await (await state.openLog("journal")).close();
      await (await state.openCheckpoints()).close();
      await state.close();
      const [damage] = damages;
      expect(damage, name).toMatchObject({ at: name });
      expect(damage?.message).toMatch(/^it is a (file|directory) instead of a .* from a backup$/);
      expect(await readdir(path)).toContain(`${name}.damaged-1`);
    }
  });

  it.runIf(process.platform !== "win32")(
    "is readable for its owner only, also if it was not",
    async () => {
      const path = join(await tempFolder(), "above", "state");
      for (let i = 0; i < 2; i++) {
        const state = await open(path);
        const log = await state.openLog("journal");
        log.append(Buffer.from("x"));
        await log.close();
        await state.close();
        const paths = ["..", ".", "format", "journal", "journal.range", "lock"];
        for (const name of [...paths, "journal/0000000000000001.seg"]) {
          const { mode } = await stat(join(path, name));
          expect((mode & 0o077).toString(8), `${name} ${i}`).toBe("0");
          if (name !== "..") await chmod(join(path, name), mode | 0o055);
        }
      }
    },
  );

  it("reports why it can't be created", async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, "file"), "");
    await expect(open(join(folder, "file", "state"))).rejects.toMatchObject({
      code: "ERR_CANT_CREATE",
      at: join(folder, "file", "state"),
    });
    await expect(requireStateDirectory(join(folder, "none"))).rejects.toMatchObject({
      code: "ERR_NO_INPUT",
    });
  });

  it.runIf(process.getuid?.() === 0)("reports missing permission to write", async () => {
    const folder = await tempFolder();
    await chmod(folder, 0o755);
    await mkdir(join(folder, "state"));
    const code = `
import { StateDirectory } from "@/state/state-directory.ts";
process.setuid(${NOBODY});
for (const path of process.argv.slice(2)) {
  await StateDirectory.open(path, () => {}).catch((error) => console.log(error.code));
}
`;
    const args = [join(folder, "state"), join(folder, "new")];
    const { line, ended } = await runScript(code, { args });
    expect([await line(), await line()]).toEqual(["ERR_PERMISSION", "ERR_PERMISSION"]);
    await ended;
    await rm(folder, { recursive: true });
  });
});
