import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { inferPipeline } from "../../config/infer.ts";
import { writePipeline } from "../../config/write.ts";
import { type ErrorCode, IotmonError } from "../../core/errors.ts";
import type { CliContext, GlobalOptions } from "../context.ts";
import { EXIT } from "../exit-code.ts";
import { openReadings } from "../open-readings.ts";

/** Options of `iotmon init`. */
export interface InitOptions extends GlobalOptions {
  readonly output?: string;
}

/** `iotmon init`: a commented pipeline for a sample. @returns The exit code. */
export async function runInit(
  sample: string,
  { output, quiet }: InitOptions,
  context: CliContext,
): Promise<number> {
  const readings = await openReadings([sample], { format: "auto", rename: {} }, context);
  readings.close();
  const { first, profile } = readings;
  const paths = sample === "-" ? [] : [sample];
  const { document, assumptions } = inferPipeline(profile, { stem: first.stem, paths });
  const text = writePipeline(document);
  if (output === undefined) context.stdout.write(text);
  else await create(output, text, context.cwd);
  if (quiet !== true) {
    const lines = [...profile.notes, ...assumptions];
    if (output !== undefined) lines.push(`Wrote ${output}; try \`iotmon check ${output}\``);
    context.stderr.write(lines.map((line) => `${line}\n`).join(""));
  }
  return EXIT.ok;
}

const REASONS: Readonly<Record<string, readonly [ErrorCode, string, string]>> = {
  EEXIST: ["ERR_CANT_CREATE", "exists already", "Choose another name, or delete it first"],
  ENOENT: [
    "ERR_CANT_CREATE",
    "can't be created: there is no such folder",
    "Create the folder first",
  ],
  EACCES: ["ERR_PERMISSION", "may not be created", "Choose a folder that you may write to"],
};

async function create(output: string, text: string, cwd: string): Promise<void> {
  try {
    await writeFile(resolve(cwd, output), text, { flag: "wx" });
  } catch (cause) {
    const { code = "", message } = cause as NodeJS.ErrnoException;
    const [known, why, hint] = REASONS[code] ?? ["ERR_IO", `can't be written: ${message}`];
    throw new IotmonError(known, `${output} ${why}`, { cause, at: output, hint });
  }
}
