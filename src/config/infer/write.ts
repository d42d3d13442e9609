import { Document, isCollection, isScalar, isSeq, visit } from "yaml";
import { FORMAT_NAMES } from "../../io/decoders/registry.ts";
import type { PipelineDocument } from "../schema/pipeline.ts";

const HEADING = ` Pipeline for iotmon, inferred from a sample. Correct it where the sample misleads, then run:
   iotmon check FILE                    checks that it is valid
   iotmon replay RECORDING -p FILE      shows which alerts would have fired`;

/** Comments above keys, by path without list indices. */
const COMMENTS: Readonly<Record<string, string>> = {
  version: " Version of this format.",
  name: " Part of every alert, and name of the folder with the state of live modes.",
  source: " Where readings come from.",
  "source.format": ` auto detects it from the first bytes; else one of: ${FORMAT_NAMES.join(", ")}.`,
  "source.time":
    " How times are written: columns, format (letters as in strptime, or none), zone (UTC if not set), start of times without a date.",
  "source.pivot": " Each row holds one quantity: its name and its number are in these columns.",
  "source.melt": " Each of these columns is a sensor of its own.",
  "source.values": " The number of each word.",
  "source.missing": " Error codes that stand for no value.",
  "source.decimal_mark": " The other of dot and comma groups thousands.",
  "source.labels":
    " Columns of 0 and 1 that mark true anomalies. Never features; replay measures alerts against them.",
  buffer: " The columns of a reading. A column that you remove is ignored.",
  "buffer.schema": " datetime, str, float, int or bool.",
  "buffer.columns": " Units, and plausible values: { min: -40, max: 125 }.",
  "buffer.max_rows": " Readings held as history. No window can be larger.",
  "buffer.key":
    " Column that names the sensor, or several. Each sensor has its own windows and model. null: one sensor.",
  "buffer.join": " Rows of one sensor with the same time are one reading.",
  features:
    " Rolling features, named <column>_<function>_<window>. A window is rows (10) or event time (5m).\n" +
    " One by one: { name: temp_slope, column: temperature, function: slope, window: 5m }",
  detectors: " What decides that a reading is anomalous.",
  "detectors.preset":
    " stream: always adapts. frozen: learns only during the warm-up, which must be healthy.",
  "detectors.features":
    " Its inputs: columns and features. A few relevant ones give better alerts than many.",
  "detectors.contamination": " Expected share of anomalous readings: smaller means fewer alerts.",
  "detectors.warmup_period": " Readings of a sensor before its first score.",
  "detectors.reference":
    " Form of what it remembers of a window: exact, or compact (a summary of 832 bytes).",
  "detectors.window":
    " Earlier values of each feature that a new one is compared with. More of them forget more slowly.",
  "detectors.calibration_window": " Earlier scores that a new one is compared with.",
  "detectors.gate": " Readings at least this rare are not learned,",
  "detectors.patience": " until about this many of them came in a row.",
  alerts: " When an anomaly becomes a message.",
  "alerts.severity":
    " Scores (0 to 1, 0.5 is the alarm boundary) above which an alert is a warning or critical.",
  "alerts.budget":
    " Alerts that a healthy sensor may cause, e.g. 2/day or 1/month. Smaller means fewer alerts.",
  "alerts.for":
    " How long an anomaly must last: 3 (readings), 3 of 5, or 2m. More means fewer false alerts.",
  "alerts.cooldown": " Quiet time per sensor after a message.",
  "alerts.resolve_after": " Normal readings (12), or event time (60s), that end an episode.",
  "alerts.repeat": " How often the message of a long episode is repeated, e.g. 4h.",
  "alerts.send_resolved": " Whether the end of an episode is sent, too.",
};

/** Collections written over several lines; all others are written in one line. */
const BLOCKS = new Set([
  "source",
  "buffer",
  "buffer.schema",
  "features",
  "detectors",
  "detectors.features",
  "alerts",
]);

/**
 * A pipeline document as YAML with comments that explain each choice and how to change it.
 *
 * @param opening How the sample is read, as `openingLines` says it.
 */
export function writePipeline(document: PipelineDocument, opening: readonly string[]): string {
  const yaml = new Document(document);
  yaml.commentBefore = [
    HEADING,
    "",
    " How the sample is read:",
    ...opening.map((line) => `   ${line}`),
  ].join("\n");
  visit(yaml, {
    Pair(_, pair, ancestors) {
      const path = pathOf([...ancestors, pair]);
      if (!isScalar(pair.key)) return;
      const comment = COMMENTS[path];
      if (comment !== undefined) pair.key.commentBefore = comment;
      if (!path.includes(".") && path !== "version") pair.key.spaceBefore = true;
      if (isCollection(pair.value)) pair.value.flow = !BLOCKS.has(path);
    },
    Scalar(_, scalar) {
      // a plain text with line breaks or tabs is not always read back unchanged
      if (/\s/.test(String(scalar.value).replaceAll(" ", ""))) scalar.type = "QUOTE_DOUBLE";
    },
    Map(_, map, ancestors) {
      const inList = isSeq(ancestors.at(-1));
      if (inList) map.flow = pathOf(ancestors) === "features";
    },
  });
  return yaml.toString({
    lineWidth: 100,
    blockQuote: false,
    doubleQuotedMinMultiLineLength: Number.POSITIVE_INFINITY,
  });
}

/** Keys from the top of the document, list indices left out: `detectors.features`. */
function pathOf(ancestors: readonly unknown[]): string {
  return ancestors
    .flatMap((node) => {
      const key = (node as { key?: unknown }).key;
      return isScalar(key) ? [String(key.value)] : [];
    })
    .join(".");
}
