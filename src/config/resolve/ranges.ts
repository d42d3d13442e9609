import type { Layout } from "../../core/layout.ts";
import type { PlausibleRange } from "../../core/plausibility.ts";
import type { BufferConfig } from "../schema/buffer.ts";
import { noNumericColumn } from "./features.ts";
import type { Findings } from "./findings.ts";

/** The plausible ranges that `buffer.columns` sets. */
export function resolveRanges(
  { columns = {} }: BufferConfig,
  layout: Layout,
  findings: Findings,
): readonly PlausibleRange[] {
  const ranges: PlausibleRange[] = [];
  for (const [name, { unit = "", min, max }] of Object.entries(columns)) {
    const column = layout.numeric.indexOf(name);
    if (column < 0) {
      const [message, hint] = noNumericColumn(name, layout);
      findings.fault(["buffer", "columns", name], message, hint, "key");
    } else if (min !== undefined || max !== undefined) {
      const { NEGATIVE_INFINITY, POSITIVE_INFINITY } = Number;
      const bounds = { min: min ?? NEGATIVE_INFINITY, max: max ?? POSITIVE_INFINITY };
      ranges.push({ name, column, ...bounds, unit });
    }
  }
  return ranges;
}
