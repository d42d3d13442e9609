import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { suggestAndList } from "../../../../config/suggest.ts";
import { type ErrorCode, IotmonError } from "../../../../core/errors.ts";
import type { Readings } from "../../../../io/readings.ts";

/** The value of `--labels`: a column of the recording, or a label file with its text. */
export type LabelChoice =
  | { readonly kind: "column"; readonly column: string }
  | { readonly kind: "file"; readonly label: string; readonly text: string };

const REASONS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  EISDIR: ["ERR_NO_INPUT", "is a directory"],
  EACCES: ["ERR_PERMISSION", "can't be read: permission denied"],
};

/**
 * Finds the column or file of `--labels`. A column of that name takes precedence over a file.
 *
 * @param wanted Undefined: the option is absent.
 * @throws {IotmonError} `ERR_USAGE` when neither exists; `ERR_NO_INPUT`, `ERR_PERMISSION` or `ERR_IO` when
 * the file can't be read.
 */
export async function openLabels(
  wanted: string | undefined,
  { profile }: Readings,
  cwd: string,
): Promise<LabelChoice | null> {
  if (wanted === undefined) return null;
  const names = profile.columns.map(({ name }) => name);
  if (names.includes(wanted)) return { kind: "column", column: wanted };
  try {
    const text = await readFile(resolve(cwd, wanted), "utf8");
    return { kind: "file", label: wanted, text };
  } catch (cause) {
    const { code = "", message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") throw neither(wanted, names);
    const [known, why] = REASONS[code] ?? (["ERR_IO", `can't be read: ${message}`] as const);
    throw new IotmonError(known, `the label file ${why}`, { at: wanted, cause });
  }
}

function neither(wanted: string, names: readonly string[]): IotmonError {
  if (/[/\\]|\.(csv|json|txt)$/i.test(wanted)) {
    return new IotmonError("ERR_NO_INPUT", "the label file does not exist", {
      at: wanted,
      hint: "Check the path, or name a column of the recording",
    });
  }
  return new IotmonError(
    "ERR_USAGE",
    `--labels: the recording has no column "${wanted}", and there is no such file`,
    { hint: suggestAndList(wanted, names, "Columns are") },
  );
}
