import { inferPipeline } from "../../../config/infer/infer.ts";
import { writePipeline } from "../../../config/infer/write.ts";
import type { CliContext } from "../../context.ts";
import { EXIT } from "../../exit-code.ts";
import { createFile } from "../../output-file.ts";
import { openReadings } from "../../recordings/open-readings.ts";
import type { InitOptions } from "./options.ts";

/** `iotmon init`: a commented pipeline for a sample. @returns The exit code. */
export async function runInit(
  sample: string,
  { output, preset, quiet }: InitOptions,
  context: CliContext,
): Promise<number> {
  const readings = await openReadings([sample], { format: "auto", rename: {} }, context);
  readings.close();
  const { first, profile } = readings;
  const paths = sample === "-" ? [] : [sample];
  const { document, assumptions } = inferPipeline(profile, { stem: first.stem, paths, preset });
  const text = writePipeline(document);
  if (output === undefined) context.stdout.write(text);
  else await createFile("the pipeline file", output, text, context.cwd);
  if (!quiet) {
    const lines = [...profile.notes, ...assumptions];
    if (output !== undefined) lines.push(`wrote ${output}; try \`iotmon check ${output}\``);
    context.stderr.write(lines.map((line) => `${line}\n`).join(""));
  }
  return EXIT.ok;
}
