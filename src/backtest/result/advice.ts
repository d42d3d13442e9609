import { adviseExpected, type Backtest } from "./daily-pattern.ts";
import { advisePreset } from "./preset-advice.ts";

/** All advice that a backtest gives, a few sentences each. */
export function advise(backtest: Backtest): string[] {
  const { plan, result } = backtest;
  return [
    ...plan.detectors.flatMap((_, d) => advisePreset(plan, d, result) ?? []),
    ...adviseExpected(backtest),
  ];
}
