import type { CheckpointValue } from "../../state/checkpoint/checkpoint-value.ts";

/** Where in the journal a checkpoint belongs, by the numbers of records. */
export interface Position {
  /** Everything up to here is in it; 0: nothing is. */
  readonly all: number;
  /** Pipelines that were saved later, by number: what is theirs is in it up to there. */
  readonly pipelines: ReadonlyMap<number, number>;
}

const ALL = "journal";
const PIPELINE = "journal/";

/** A position as values of a store. Only their versions count: they are in the manifest, which is whole. */
export function positionValues({ all, pipelines }: Position): CheckpointValue[] {
  const value = (name: string, version: number) => ({ name, version, bytes: new Uint8Array() });
  return [value(ALL, all), ...[...pipelines].map(([id, seq]) => value(`${PIPELINE}${id}`, seq))];
}

/** The position among the versions of a checkpoint's values. */
export function positionOf(versions: ReadonlyMap<string, number>): Position {
  const later = [...versions].filter(([name]) => name.startsWith(PIPELINE));
  return {
    all: versions.get(ALL) ?? 0,
    pipelines: new Map(later.map(([name, seq]) => [Number(name.slice(PIPELINE.length)), seq])),
  };
}

/** Whether a value belongs to the position, not to the state machine. */
export function isPosition(name: string): boolean {
  return name === ALL || name.startsWith(PIPELINE);
}
