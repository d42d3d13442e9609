import type { Episode } from "../../core/alerts/alert-event.ts";
import { learningOf } from "../../core/detectors/registry.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import type { LabelMetrics } from "../metrics/label-metrics.ts";
import type { BacktestResult, DetectorTotals } from "./backtest-result.ts";

const LOW_RECALL = 0.5;
/** Share of alarms above which a warm-up was not representative. Faults may fill half of a recording. */
const UNREPRESENTATIVE = 0.8;

/**
 * Advises another preset where a backtest shows that the one of a detector is the wrong choice.
 *
 * An adapting detector learns anomalies longer than its patience as normal and stops alarming. Labels are the better
 * evidence for that; without them, episodes longer than the patience count. A frozen one alarms for ever if its warm-up
 * lacks much of the normal behaviour.
 *
 * @param detector Index into the plan.
 * @returns The advice in two or three sentences; null: none.
 */
export function advisePreset(
  plan: EnginePlan,
  detector: number,
  { detectors, episodes, labels }: Pick<BacktestResult, "detectors" | "episodes" | "labels">,
): string | null {
  const { name = "", config } = plan.detectors[detector] ?? {};
  const learning = config === undefined ? null : learningOf(config);
  if (learning === null) return null;
  const { patience, warmupPeriod, frozen } = learning;
  const metrics = labels[detector] ?? null;
  const budget = plan.detectors[detector]?.alerts.budget ?? null;
  if (frozen) return adviseStream(name, warmupPeriod, detectors[detector], metrics);
  // under a budget few readings of an event are anomalous, even if it is told
  const isTold = budget !== null && metrics !== null && metrics.events.recall >= LOW_RECALL;
  const reason = (isTold ? null : ofLabels(metrics)) ?? ofEpisodes(episodes, detector, patience);
  if (reason === null) return null;
  return (
    `${name} adapts: it learns anomalies longer than its patience of ${patience} readings as normal. ` +
    `${reason} If the first ${warmupPeriod} readings of every sensor are healthy, try ` +
    "`preset: frozen`, which learns only from them."
  );
}

function adviseStream(
  name: string,
  warmupPeriod: number,
  totals: DetectorTotals | undefined,
  labels: LabelMetrics | null,
): string | null {
  const share = labels?.rows.falseAlarmRate ?? (totals?.anomalies ?? 0) / (totals?.scored ?? 0);
  if (!(share > UNREPRESENTATIVE)) return null;
  const which = labels === null ? "readings" : "normal readings";
  return (
    `${name} alarms on ${Math.round(100 * share)} % of the ${which} after its warm-up: the first ${warmupPeriod} readings ` +
    "lack much of the normal behaviour. Raise `warmup_period` until they have it, or use `preset: stream`, which adapts."
  );
}

function ofLabels(labels: LabelMetrics | null): string | null {
  if (labels === null) return null;
  const { count, readings, anomalous } = labels.lasting;
  if (count === 0 || anomalous >= LOW_RECALL * readings) return null;
  const events = count === 1 ? "1 labelled event lasts" : `${count} labelled events last`;
  const whose = count === 1 ? "its" : "their";
  const percent = Math.round((100 * anomalous) / readings);
  return `${events} longer, and only ${percent} % of ${whose} readings were found anomalous.`;
}

function ofEpisodes(
  episodes: readonly Episode[],
  detector: number,
  patience: number,
): string | null {
  const long = episodes.filter((e) => e.detector === detector && e.anomalies > patience);
  if (long.length === 0) return null;
  const longest = Math.max(...long.map(({ anomalies }) => anomalies));
  return long.length === 1
    ? `1 episode has ${longest} anomalous readings.`
    : `${long.length} episodes have more anomalous readings than that, up to ${longest}.`;
}
