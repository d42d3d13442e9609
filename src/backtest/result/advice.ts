import type { Episode } from "../../core/alerts/alert-event.ts";
import { learningOf } from "../../core/detectors/registry.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import type { LabelMetrics } from "../metrics/label-metrics.ts";

const LOW_RECALL = 0.5;

/**
 * Advises the `frozen` preset when a backtest shows that an adapting detector is the wrong choice: it
 * learns anomalies longer than its patience as normal and stops alarming. Labels are the better evidence;
 * without them, episodes longer than the patience count.
 *
 * @param detector Index into the plan.
 * @param episodes All episodes of the run; those of other detectors are ignored.
 * @param labels Metrics of this detector; null without labels.
 * @returns The advice in one to three sentences; null: none.
 */
export function adviseFrozen(
  plan: EnginePlan,
  detector: number,
  episodes: readonly Episode[],
  labels: LabelMetrics | null,
): string | null {
  const { name, config } = plan.detectors[detector] ?? {};
  const learning = config === undefined ? null : learningOf(config);
  if (learning === null || learning.frozen) return null;
  const { patience, warmupPeriod } = learning;
  const reason = ofLabels(labels) ?? ofEpisodes(episodes, detector, patience);
  if (reason === null) return null;
  return (
    `${name} adapts: it learns anomalies longer than its patience of ${patience} readings as normal. ` +
    `${reason} If the first ${warmupPeriod} readings of every sensor are healthy, try ` +
    "`preset: frozen`, which learns only from them."
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
