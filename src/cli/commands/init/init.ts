import { writePipeline } from "../../../config/infer/write.ts";
import { openingLines } from "../../../config/opening/opening-lines.ts";
import { openingRemarks } from "../../../config/opening/opening-remarks.ts";
import { refuseDoubts, refuseUnreadTime } from "../../../config/opening/refuse-doubts.ts";
import { resolvePipeline } from "../../../config/resolve.ts";
import { decodeOptions } from "../../../config/sources.ts";
import type { CliContext } from "../../context.ts";
import { EXIT } from "../../exit-code.ts";
import { timesGiven } from "../../options/time-options.ts";
import { createFile } from "../../output-file.ts";
import { inferRecording } from "../../recordings/infer-recording.ts";
import { openReadings } from "../../recordings/open-readings.ts";
import type { InitOptions } from "./options.ts";

/** `iotmon init`: a commented pipeline for a sample. @returns The exit code. */
export async function runInit(
  sample: string,
  options: InitOptions,
  context: CliContext,
): Promise<number> {
  const { output, preset, strict, quiet } = options;
  const decode = decodeOptions(undefined, timesGiven(options));
  const readings = await openReadings([sample], { format: "auto", decode }, context);
  readings.close();
  const { first, profile } = readings;
  const paths = sample === "-" ? [] : [sample];
  const { document, pipeline, summary } = await inferRecording(readings, { paths, preset });
  const { layout, plan } = resolvePipeline(pipeline, profile, first.stem);
  const opened = { profile, layout, plan, isLive: false };
  refuseUnreadTime(opened, first.label, false);
  const remarks = openingRemarks(opened);
  if (strict) refuseDoubts(remarks, first.label);
  const opening = openingLines(profile.format, remarks);
  const text = writePipeline(document, opening);
  if (output === undefined) context.stdout.write(text);
  else await createFile("the pipeline file", output, text, context.cwd);
  if (!quiet) {
    const lines = [...opening, `detector: ${summary}`];
    if (output !== undefined) lines.push(`wrote ${output}; try \`iotmon check ${output}\``);
    context.stderr.write(lines.map((line) => `${line}\n`).join(""));
  }
  return EXIT.ok;
}
