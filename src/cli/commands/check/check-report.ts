import type { ChalkInstance } from "chalk";
import type { Examination } from "../../../config/check/examine.ts";
import type { LoadedPipeline } from "../../../config/loaded-pipeline.ts";
import type { PipelineConfig } from "../../../config/schema/pipeline.ts";
import { listNames } from "../../../config/suggest.ts";
import type { TestSuite } from "../../../config/tests/test-suite.ts";
import { detectorRule } from "../../../core/detectors/registry.ts";
import {
  estimateFiles,
  estimateRecovery,
  type StateEstimate,
} from "../../../durability/checkpoint/state-estimate.ts";
import type { KeyBytes } from "../../../engine/keys/key-common.ts";
import { formatBytes, formatCount, formatSpan, plural } from "../../render/format.ts";

/** The report of `iotmon check` on a pipeline without faults. */
export function checkReport(
  { label, config }: LoadedPipeline,
  { resolved, columnsFrom }: Examination,
  input: string | null,
  chalk: ChalkInstance,
): string {
  const origin = {
    input: `from ${input ?? "the input"}`,
    schema: "from buffer.schema",
    names: "as the pipeline names them: there is no buffer.schema and no input to sample",
    nowhere: "",
  }[columnsFrom];
  const lines = [`${label}: ${chalk.green("ok")}`];
  const add = (what: string, value: string): number => lines.push(`  ${what.padEnd(10)} ${value}`);
  if (resolved === null) {
    add("columns", "not checked: there is no buffer.schema and no input to sample");
  } else {
    const { plan, layout, maxKeys, bytesPerKey } = resolved;
    add("columns", `${listNames(plan.columns)} (${origin})`);
    add("key", layout.key ?? `none: all rows belong to "${layout.constantKey}"`);
    if (layout.labels.length > 0) add("labels", listNames(layout.labels));
    add("features", formatCount(plan.features.length));
    for (const { name, inputs, config: settings } of plan.detectors) {
      const rule = detectorRule(settings);
      const what = rule === null ? `over ${plural(inputs.length, "feature")}` : `- ${rule}`;
      add("detector", `${name}: ${settings.algorithm} ${what}`);
    }
    if (columnsFrom !== "names") {
      add("memory", `${memoryOf(bytesPerKey)}, at most ${formatCount(maxKeys)} sensors`);
      const { restart, disk } = stateLimits(bytesPerKey.full, maxKeys, config.state);
      add("restart", restart);
      add("disk", disk);
    }
  }
  if (config.sinks.length > 0) {
    const types = config.sinks.map(({ type }) => type).join(", ");
    add("sinks", `${types} (replay sends to none of them)`);
  }
  if (config.tests.length > 0) add("tests", formatCount(config.tests.length));
  return `${lines.join("\n")}\n`;
}

function memoryOf({ full, warmUp }: KeyBytes): string {
  const more = warmUp > 0 ? ` (${formatBytes(warmUp)} more while it is new)` : "";
  return `${formatBytes(full)} per sensor${more}`;
}

/** What `watch` needs for its state. */
function stateLimits(
  bytesPerKey: number,
  maxKeys: number,
  state: PipelineConfig["state"],
): { readonly restart: string; readonly disk: string } {
  const bound = (
    { limit, sensorsWithin, most }: StateEstimate,
    format: (value: number) => string,
  ): string => {
    if (sensorsWithin >= maxKeys) return format(limit);
    const within = formatCount(Number(sensorsWithin.toPrecision(2)));
    return `${format(limit)}, more with over ${within} sensors: ${format(most)} with ${formatCount(maxKeys)}`;
  };
  const time = (ms: number): string => formatSpan(1000 * Math.ceil(ms / 1000));
  const restart = bound(estimateRecovery(bytesPerKey, maxKeys, state?.max_recovery), time);
  const disk = bound(estimateFiles(bytesPerKey, maxKeys, state?.max_size), formatBytes);
  return {
    restart: `processor time after a crash about ${restart}`,
    disk: `state directory about ${disk}`,
  };
}

/** The report of `iotmon check` of a test file without faults. */
export function checkTestsReport({ label, tests }: TestSuite, chalk: ChalkInstance): string {
  const pipelines = [...new Set(tests.map(({ pipeline }) => pipeline.label))];
  const lines = [
    `${label}: ${chalk.green("ok")}`,
    `  pipeline   ${pipelines.join(", ")}`,
    `  tests      ${formatCount(tests.length)}`,
  ];
  return `${lines.join("\n")}\n`;
}
