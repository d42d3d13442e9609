import type { CheckpointValue } from "../../state/checkpoint/checkpoint-value.ts";

/** Log position of a checkpoint, in record numbers. */
export interface Position {
  /** The checkpoint contains every record up to this one; 0: none. */
  readonly all: number;
  /** Pipelines that were saved later, by number: the last record that each contains. */
  readonly pipelines: ReadonlyMap<number, number>;
}

const ALL = "journal";
const PIPELINE = "journal/";

/** A position as checkpoint values. Their versions carry it, as the manifest is never damaged in part. */
export function positionValues({ all, pipelines }: Position): CheckpointValue[] {
  const value = (name: string, version: number) => ({ name, version, bytes: new Uint8Array() });
  return [value(ALL, all), ...[...pipelines].map(([id, seq]) => value(`${PIPELINE}${id}`, seq))];
}

/** Reads the position from the versions of a checkpoint's values. */
export function positionOf(versions: ReadonlyMap<string, number>): Position {
  const later = [...versions].filter(([name]) => name.startsWith(PIPELINE));
  return {
    all: versions.get(ALL) ?? 0,
    pipelines: new Map(later.map(([name, seq]) => [Number(name.slice(PIPELINE.length)), seq])),
  };
}

/** Whether a value belongs to the position. */
export function isPosition(name: string): boolean {
  return name === ALL || name.startsWith(PIPELINE);
}
