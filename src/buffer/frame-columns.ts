import { type Layout, timeName } from "../core/layout.ts";

/** Names of the columns of a frame, in order, by role. */
export interface FrameColumns {
  readonly timestamp: string;
  readonly key: string;
  /** In the order of `Batch.columns`. */
  readonly numeric: readonly string[];
  /** In the order of `Batch.labels`. */
  readonly labels: readonly string[];
  /** In the order of `Batch.texts`. */
  readonly text: readonly string[];
  /** Columns with the same value in all rows. */
  readonly constants: readonly (readonly [column: string, value: string])[];
}

/**
 * Names the columns of frames with readings of `layout`. Inputs without a timestamp or key column get
 * `timestamp` and `sensor_id`, or `timestamp_2` and so on if that name is taken.
 */
export function frameColumns(layout: Layout): FrameColumns {
  const { numeric, labels, text } = layout;
  const taken = new Set([...numeric, ...labels, ...text]);
  const claim = (wanted: string): string => {
    let name = wanted;
    for (let i = 2; taken.has(name); i++) name = `${wanted}_${i}`;
    taken.add(name);
    return name;
  };
  const timestamp = claim(timeName(layout) ?? "timestamp");
  const key = claim(layout.key ?? "sensor_id");
  const constants = Object.entries(layout.constants).filter(([column]) => !taken.has(column));
  return { timestamp, key, numeric, labels, text, constants };
}
