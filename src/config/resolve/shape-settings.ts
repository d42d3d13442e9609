import { patternTest } from "../../io/decoders/columns/column-choice.ts";
import type { InputProfile } from "../../io/decoders/input-profile.ts";
import type { PlacedSource } from "../sources.ts";
import { suggestAndList } from "../suggest.ts";
import type { Findings } from "./findings.ts";

/** Checks that the input has the columns of `source.pivot` and `source.melt`. */
export function checkShape(
  placed: PlacedSource | null,
  { format, columns, rowColumns = [] }: InputProfile,
  findings: Findings,
): void {
  const { pivot = false, melt = false } = placed?.source ?? {};
  // a pipeline that declares its columns declares those of the readings
  if (format === "declared") return;
  const names = [...new Set([...rowColumns, ...columns].map(({ name }) => name))];
  const missing = (setting: "pivot" | "melt", field: string, wanted: string): void => {
    const hint = suggestAndList(wanted, names, "Columns are");
    const path = [...(placed?.path ?? []), setting, field];
    findings.fault(path, `the input has no column "${wanted}"`, hint);
  };
  if (pivot !== false) {
    for (const name of pivot.name) if (!names.includes(name)) missing("pivot", "name", name);
    if (!names.includes(pivot.value)) missing("pivot", "value", pivot.value);
  }
  for (const pattern of melt === false ? [] : melt.columns) {
    if (!names.some(patternTest([pattern]))) missing("melt", "columns", pattern);
  }
}
