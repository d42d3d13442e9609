import type { Layout } from "../../core/layout.ts";
import type { PlausibleRange } from "../../core/plausibility.ts";
import type { InputProfile } from "../../io/decoders/input-profile.ts";
import type { BufferConfig } from "../schema/buffer.ts";
import { noNumericColumn } from "./features.ts";
import type { Findings } from "./findings.ts";

/** The plausible ranges that `buffer.columns` sets, and the numbers that stand for no value in the input. */
export function resolveRanges(
  { columns = {} }: BufferConfig,
  profile: InputProfile,
  layout: Layout,
  findings: Findings,
): readonly PlausibleRange[] {
  for (const name of Object.keys(columns)) {
    if (layout.numeric.includes(name)) continue;
    const [message, hint] = noNumericColumn(name, layout);
    findings.fault(["buffer", "columns", name], message, hint, "key");
  }
  return layout.numeric.flatMap((name, column) => {
    const {
      unit = "",
      min = Number.NEGATIVE_INFINITY,
      max = Number.POSITIVE_INFINITY,
    } = Object.hasOwn(columns, name) ? (columns[name] ?? {}) : {};
    const found = profile.columns.find((candidate) => candidate.name === name)?.sentinels ?? [];
    const codes = found.map(({ value }) => value);
    const isUnlimited = min === Number.NEGATIVE_INFINITY && max === Number.POSITIVE_INFINITY;
    if (isUnlimited && codes.length === 0) return [];
    return [{ name, column, min, max, unit, ...(codes.length === 0 ? {} : { codes }) }];
  });
}
