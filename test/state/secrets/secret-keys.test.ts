import { chmod, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SecretKeys } from "../../../src/state/secrets/secret-keys.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const TEXT = "https://hooks.example.org/t0ken é";

function keysOf(path: string): { readonly keys: SecretKeys; readonly said: readonly string[] } {
  const said: string[] = [];
  return { keys: new SecretKeys(path, (message) => said.push(message)), said };
}

describe("SecretKeys", () => {
  it("opens what it has sealed, also after a restart, and only for the same label", async () => {
    const path = join(await tempFolder(), "secrets.key");
    const sealed = keysOf(path).keys.seal(TEXT, "a");
    expect(sealed).not.toContain("t0ken");
    const { keys, said } = keysOf(path);
    expect([keys.open(sealed, "a"), keys.open(sealed, "b")]).toEqual([TEXT, null]);
    expect(keys.open(keys.seal("", "a"), "a")).toBe("");
    expect(said).toEqual([]);
  });

  it("gives the same bytes for the same text, and others for another text, label or key", async () => {
    const folder = await tempFolder();
    const { keys } = keysOf(join(folder, "one"));
    const other = keysOf(join(folder, "two")).keys;
    expect(keys.seal(TEXT, "a")).toBe(keys.seal(TEXT, "a"));
    const all = [keys.seal(TEXT, "a"), keys.seal(TEXT, "b"), keys.seal("x", "a")];
    expect(new Set([...all, other.seal(TEXT, "a")]).size).toBe(4);
    expect(other.open(keys.seal(TEXT, "a"), "a")).toBe(null);
  });

  it("creates the file with the first secret, for its owner only", async () => {
    const path = join(await tempFolder(), "secrets.key");
    const { keys } = keysOf(path);
    expect(keys.open("12345678.AAAA", "a")).toBe(null);
    await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
    keys.seal(TEXT, "a");
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe("600");
  });

  it("opens nothing with any bit of a sealed text changed", async () => {
    const { keys } = keysOf(join(await tempFolder(), "secrets.key"));
    const [id, data = ""] = keys.seal("secret", "a").split(".");
    const bytes = Buffer.from(data, "base64url");
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(keys.open(`${id}.${changed.toString("base64url")}`, "a")).toBe(null);
    }
    for (const broken of ["", ".", "no", `${id}.`, `${id}.AAAA`]) {
      expect(keys.open(broken, "a")).toBe(null);
    }
  });

  it("reports a damaged line, adds a new key below it, and opens what earlier keys have sealed", async () => {
    const path = join(await tempFolder(), "secrets.key");
    const early = keysOf(path).keys.seal(TEXT, "a");
    const file = await readFile(path, "utf8");
    await writeFile(path, "iotmon-key-1 cut");
    const { keys, said } = keysOf(path);
    const late = keys.seal(TEXT, "a");
    expect(said).toEqual([`line 1 of the key file ${path} is damaged: it is not a key`]);
    await writeFile(path, file + (await readFile(path, "utf8")));
    const both = keysOf(path).keys;
    expect([both.open(early, "a"), both.open(late, "a")]).toEqual([TEXT, TEXT]);
    expect(both.seal(TEXT, "a")).toBe(late);
  });

  it("says why the file can't be read or written, and who else can read it", async () => {
    const folder = await tempFolder();
    const { keys, said } = keysOf(folder);
    expect(keys.open("12345678.AAAA", "a")).toBe(null);
    expect(said.join()).toContain("can't be read");
    const nowhere = join(folder, "none", "secrets.key");
    expect(() => keysOf(nowhere).keys.seal(TEXT, "a")).toThrow(
      expect.objectContaining({ code: "ERR_CANT_CREATE", at: nowhere }),
    );
    await mkdir(join(folder, "open"));
    const open = join(folder, "open", "secrets.key");
    keysOf(open).keys.seal(TEXT, "a");
    await chmod(open, 0o644);
    const again = keysOf(open);
    again.keys.seal(TEXT, "a");
    expect(again.said).toEqual([`other users can read the key file ${open}: set its mode to 0600`]);
  });
});
