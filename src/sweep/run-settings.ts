import { type AlertSpan, alertSpans } from "../backtest/alert-match.ts";
import type { BacktestResult, DetectorTotals } from "../backtest/backtest-result.ts";
import { BacktestCollector } from "../backtest/collector.ts";
import type { LabelMetrics } from "../backtest/label-metrics.ts";
import type { Severity } from "../core/alerts/severity.ts";
import { KeyTable } from "../core/key-table.ts";
import { Engine } from "../engine/engine.ts";
import type { EnginePlan } from "../engine/plan.ts";
import { episodesOf, mergePlans, outputOf } from "./merged-plan.ts";
import type { SweepRecording } from "./sweep-recording.ts";

/** What one setting came to over a part of a recording. */
export interface PartOutcome {
  readonly reported: number;
  /** Event times of its first and its last reading, ms. */
  readonly from: number;
  readonly to: number;
  readonly alerts: Readonly<Record<Severity, number>>;
  readonly withheld: number;
  readonly detectors: readonly DetectorTotals[];
  /** One per detector, when there are labels. */
  readonly labels: readonly LabelMetrics[];
  /** The alerts themselves, by start. */
  readonly spans: readonly AlertSpan[];
}

/** What one setting came to. */
export interface SettingOutcome {
  /** Over the readings that settings are chosen by: those not held out. */
  readonly tuned: PartOutcome;
  /** Over those held out, which nothing was chosen by; null: none were. */
  readonly heldOut: PartOutcome | null;
}

/** The collectors of one setting. */
interface Collecting {
  readonly plan: EnginePlan;
  readonly tuned: BacktestCollector;
  readonly heldOut: BacktestCollector | null;
}

/**
 * Runs settings over a recording at once, features that they share once. What a setting comes to is
 * what a replay of its own up to, and from, the readings held out would tell. Synchronous.
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
    const tuned = new BacktestCollector(own, keys, from, label, false);
    const held = tuneBatches < batches.length;
    return {
      plan: own,
      tuned,
      heldOut: held ? new BacktestCollector(own, keys, heldFrom, label, false) : null,
    };
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
  const { reported, from, to, alerts, withheld, detectors } = result;
  // evidence is large, and whatever is sent between threads is copied
  const labels = result.labels.map((metrics) => ({ ...metrics, falseAlerts: [] }));
  const spans = alertSpans(result.episodes, plan, (key) => keys.name(key));
  return { reported, from, to, alerts, withheld, detectors, labels, spans };
}
