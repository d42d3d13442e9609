import type { ChalkInstance } from "chalk";
import type { Examination } from "../../../config/check/examine.ts";
import type { LoadedPipeline } from "../../../config/loaded-pipeline.ts";
import { listNames } from "../../../config/suggest.ts";
import type { TestSuite } from "../../../config/tests/test-suite.ts";
import { detectorRule } from "../../../core/detectors/registry.ts";
import { estimateRecovery } from "../../../durability/checkpoint/recovery-estimate.ts";
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
      add(
        "memory",
        `${formatBytes(bytesPerKey)} per sensor, at most ${formatCount(maxKeys)} sensors`,
      );
      add("restart", recoveryText(bytesPerKey, maxKeys, config.state?.max_recovery));
    }
  }
  if (config.sinks.length > 0) {
    const types = config.sinks.map(({ type }) => type).join(", ");
    add("sinks", `${types} (replay sends to none of them)`);
  }
  if (config.tests.length > 0) add("tests", formatCount(config.tests.length));
  return `${lines.join("\n")}\n`;
}

/** How long a start after a crash takes. */
function recoveryText(bytesPerKey: number, maxKeys: number, wantedMs: number | undefined): string {
  const estimate = estimateRecovery(bytesPerKey, maxKeys, wantedMs);
  const { maxRecoveryMs, sensorsWithin, mostMs } = estimate;
  const wanted = `${formatSpan(maxRecoveryMs)} of processor time after a crash`;
  if (sensorsWithin >= maxKeys) return `at most about ${wanted}`;
  const within = formatCount(Number(sensorsWithin.toPrecision(2)));
  const most = formatSpan(1000 * Math.ceil(mostMs / 1000));
  return `about ${wanted} with up to ${within} sensors, at most ${most} with ${formatCount(maxKeys)}, because disk writes are limited`;
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
