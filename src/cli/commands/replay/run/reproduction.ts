import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { IotmonError } from "../../../../core/errors.ts";
import { isoTime } from "../../../../core/timestamp/iso-time.ts";
import type { Input } from "../../../../io/sources/inputs/input.ts";
import type { ReproductionData } from "../../../../report/data/report-data.ts";
import type { TimeOptions } from "../../../options/time-options.ts";
import { programVersion } from "../../../process/program-version.ts";
import type { OpenedRecording } from "../recording/open-recordings.ts";
import type { ReplayRequest } from "./replay-requests.ts";

const PLAIN = /^[\w./:=@%+,-]+$/;

/** How to repeat a run: the same command, versions and inputs give the same bytes. */
export async function reproductionOf(
  request: ReplayRequest,
  { readings, spans }: OpenedRecording,
  cwd: string,
): Promise<ReproductionData> {
  const { labels: file } = request.options;
  const labels =
    spans === null || file === undefined ? [] : [{ label: file, path: resolve(cwd, file) }];
  return {
    command: commandOf(request),
    versions: { iotmon: await programVersion(), Node: process.versions.node },
    inputs: await Promise.all([...readings.inputs, ...labels].map(inputOf)),
  };
}

/** The command with all options that affect the result. */
function commandOf({ paths, pipeline, options }: ReplayRequest): string {
  const { inputFormat, labels, from, to, limit, zone } = options;
  const words = [
    ...["iotmon", "replay", ...paths],
    ...(pipeline === null ? [] : ["-p", pipeline.label]),
    ...(inputFormat === "auto" ? [] : ["--input-format", inputFormat]),
    ...timeWords(options),
    ...(labels === undefined ? [] : ["--labels", labels]),
    ...(Number.isFinite(from) ? ["--from", isoTime(from)] : []),
    ...(Number.isFinite(to) ? ["--to", isoTime(to)] : []),
    ...(Number.isFinite(limit) ? ["--limit", String(limit)] : []),
    ...(zone === undefined ? [] : ["--zone", zone]),
    ...["--report", "report.html"],
  ];
  return words.map(quoted).join(" ");
}

function timeWords({ timeFormat, timeZone, start }: TimeOptions): string[] {
  return [
    ...(timeFormat === undefined ? [] : ["--time-format", timeFormat]),
    ...(timeZone === undefined ? [] : ["--time-zone", timeZone]),
    ...(start === undefined ? [] : ["--start", isoTime(start)]),
  ];
}

function quoted(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

async function inputOf({
  label,
  path,
}: Pick<Input, "label" | "path">): Promise<ReproductionData["inputs"][number]> {
  const name = label;
  if (path === null) return { name, bytes: null, sha256: null };
  const hash = createHash("sha256");
  try {
    const { size: bytes } = await stat(path);
    for await (const chunk of createReadStream(path)) hash.update(chunk);
    return { name, bytes, sha256: hash.digest("hex") };
  } catch (cause) {
    const message = `can't be read again for the report: ${(cause as Error).message}`;
    throw new IotmonError("ERR_IO", message, { at: name, cause });
  }
}
