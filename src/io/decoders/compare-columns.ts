import type { Layout } from "../../core/layout.ts";
import type { InputProfile } from "./input-profile.ts";

/**
 * Describes how the columns of an input differ from a layout, one sentence per difference.
 *
 * @param extra Ignored columns of the input.
 * @param untimed What happens to rows without a timestamp.
 */
export function compareColumns(
  { timestamp, key, numeric, labels, text }: Layout,
  { columns }: InputProfile,
  extra: readonly string[],
  untimed: string,
): readonly string[] {
  const here = new Set(columns.map(({ name }) => name));
  const missing = [key, ...numeric, ...labels, ...text].filter(
    (name) => name !== null && !here.has(name),
  );
  return [
    ...(timestamp?.columns ?? [])
      .filter((name) => !here.has(name))
      .map((name) => `column "${name}" is missing: ${untimed}`),
    ...(missing.length === 0 ? [] : [`missing columns, taken as empty: ${missing.join(", ")}`]),
    ...(extra.length === 0 ? [] : [`ignored columns: ${extra.join(", ")}`]),
  ];
}
