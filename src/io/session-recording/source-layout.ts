import type { Layout } from "../../core/layout.ts";
import type { InputProfile } from "../decoders/decoder.ts";

/**
 * The layout of a pipeline as one of its sources has it: what names no sensor has one name, and what has no
 * time of its own gets that of its arrival.
 */
export function sourceLayout(layout: Layout, profile: InputProfile, constantKey: string): Layout {
  const { key, timestamp } = layout;
  const has = (name: string): boolean => profile.columns.some((column) => column.name === name);
  return {
    ...layout,
    key: key !== null && has(key) ? key : null,
    constantKey,
    timestamp: timestamp !== null && has(timestamp.column) ? timestamp : null,
  };
}
