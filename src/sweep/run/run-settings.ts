import { BacktestCollector } from "../../backtest/collector.ts";
import { type AlertSpan, alertSpans } from "../../backtest/comparison/match-alerts.ts";
import type { BacktestResult } from "../../backtest/result/backtest-result.ts";
import { KeyTable } from "../../core/key-table.ts";
import { Engine } from "../../engine/engine.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import { episodesOf, mergePlans, outputOf } from "./merged-plan.ts";
import type { SweepRecording } from "./sweep-recording.ts";

/** The result of one setting over a part of a recording. */
export interface PartOutcome
  extends Pick<
    BacktestResult,
    "reported" | "from" | "to" | "alerts" | "suppressed" | "detectors" | "labels"
  > {
  /** The alerts, by start. */
  readonly spans: readonly AlertSpan[];
}

/** The result of one setting. */
export interface SettingOutcome {
  /** Outcome over the readings that are not held out, which decides the ranking of settings. */
  readonly tuned: PartOutcome;
  /** Outcome over the held-out readings; null if none are held out. */
  readonly heldOut: PartOutcome | null;
}

/** The collectors of one setting. */
interface Collecting {
  readonly plan: EnginePlan;
  readonly tuned: BacktestCollector;
  readonly heldOut: BacktestCollector | null;
}

/**
 * Runs settings over a recording together and computes shared features once. Each result equals that of
 * separate replays up to, and from, the held-out readings. Synchronous.
 */
export function runSettings(
  recording: SweepRecording,
  plans: readonly EnginePlan[],
): SettingOutcome[] {
  const { batches, tuneBatches, labelled, from, heldFrom } = recording;
  const keys = new KeyTable();
  for (const name of recording.keys) keys.intern(name);
  const { plan, starts } = mergePlans(plans);
  const engine = new Engine(plan, keys);
  const label = labelled ? 0 : null;
  const settings = plans.map((own): Collecting => {
    const collector = (start: number): BacktestCollector =>
      new BacktestCollector(own, keys, { from: start, label, keepSuppressed: false });
    const held = tuneBatches < batches.length;
    return { plan: own, tuned: collector(from), heldOut: held ? collector(heldFrom) : null };
  });
  const bounds = plans.map((_, s) => [starts[s] as number, starts[s + 1] as number] as const);
  const finish = (part: "tuned" | "heldOut"): (PartOutcome | null)[] => {
    const open = engine.openEpisodes();
    return settings.map(({ plan: own, [part]: collector }, s) => {
      if (collector === null) return null;
      const [first, end] = bounds[s] as readonly [number, number];
      const result = collector.finish(episodesOf(open, first, end), 0);
      return outcomeOf(result, own, keys);
    });
  };
  let tuned: (PartOutcome | null)[] = [];
  for (const [b, batch] of batches.entries()) {
    const output = engine.apply(batch);
    for (const [s, { tuned: early, heldOut }] of settings.entries()) {
      const [first, end] = bounds[s] as readonly [number, number];
      const own = outputOf(output, first, end);
      if (b < tuneBatches) early.add(batch, own);
      heldOut?.add(batch, own);
    }
    if (b === tuneBatches - 1) tuned = finish("tuned");
  }
  const heldOut = finish("heldOut");
  return settings.map((_, s) => ({ tuned: tuned[s] as PartOutcome, heldOut: heldOut[s] ?? null }));
}

function outcomeOf(result: BacktestResult, plan: EnginePlan, keys: KeyTable): PartOutcome {
  const { reported, from, to, alerts, suppressed, detectors } = result;
  // evidence is large, and messages between threads are copied
  const labels = result.labels.map((metrics) => ({ ...metrics, falseAlerts: [] }));
  const spans = alertSpans(result.episodes, plan, (key) => keys.name(key));
  return { reported, from, to, alerts, suppressed, detectors, labels, spans };
}
