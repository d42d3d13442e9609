import { realpath, stat } from "node:fs/promises";

/** Where bytes go, and where they belong once complete; null: they are there already. */
export interface Target {
  readonly written: string;
  readonly final: string | null;
}

/**
 * Where to write a file that is to appear whole: beside it, under another name. A pipe or a device is
 * written to directly.
 *
 * @throws {Error} With code `EISDIR` for a folder.
 */
export async function findTarget(path: string): Promise<Target> {
  // through a symbolic link, or the rename would replace the link and not the file
  const final = await realpath(path).catch(() => path);
  const known = await stat(final).catch(() => null);
  if (known?.isDirectory()) {
    throw Object.assign(new Error("The target is a folder"), { code: "EISDIR" });
  }
  if (known !== null && !known.isFile()) return { written: final, final: null };
  return { written: `${final}.${process.pid}.partial`, final };
}
