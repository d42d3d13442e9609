import type { Layout } from "../../core/layout.ts";
import type { InputProfile } from "../decoders/input-profile.ts";

/**
 * The layout of a pipeline for one of its sources: without a key column, rows belong to `constantKey`; without
 * a time column, they get the time of their arrival.
 */
export function sourceLayout(layout: Layout, profile: InputProfile, constantKey: string): Layout {
  const { key, timestamp } = layout;
  const has = (name: string): boolean => profile.columns.some((column) => column.name === name);
  return {
    ...layout,
    key: key !== null && has(key) ? key : null,
    constantKey,
    timestamp: timestamp?.columns.every(has) === true ? timestamp : null,
  };
}
