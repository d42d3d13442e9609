import { basename } from "node:path";
import { didYouMean, listNames } from "../../config/suggest.ts";
import { IotmonError } from "../../core/errors.ts";
import type { LabelFile, LabelSpan } from "./label-file.ts";

/**
 * The spans of one recording. In a file that has them by recording, the entry is taken whose name is
 * the end of the recording's path, else the only one with its file name.
 *
 * @param path Of the recording; that it is gzip-packed may show at its end.
 * @throws {IotmonError} `ERR_DATA` when no entry, or more than one, is named like the recording.
 */
export function pickSpans({ label, spans }: LabelFile, path: string): readonly LabelSpan[] {
  if (!(spans instanceof Map)) return spans as readonly LabelSpan[];
  const wanted = path.replaceAll("\\", "/").replace(/\.gz$/i, "");
  const names = [...(spans as ReadonlyMap<string, readonly LabelSpan[]>).keys()];
  const ends = names.filter((name) => `/${wanted}`.endsWith(`/${name}`));
  const alike = names.filter((name) => basename(name) === basename(wanted));
  const [best] = ends.sort((a, b) => b.length - a.length);
  const name = best ?? (alike.length === 1 ? alike[0] : undefined);
  if (name !== undefined) return spans.get(name) ?? [];
  const hint =
    alike.length > 1
      ? `Several are called so: ${listNames(alike)}. Name the recording with its folder`
      : (didYouMean(
          basename(wanted),
          names.map((entry) => basename(entry)),
        ) ?? `Entries are named after recordings: ${listNames(names)}`);
  throw new IotmonError("ERR_DATA", `the labels have no entry for the recording ${path}`, {
    at: label,
    hint,
  });
}
