import type { CheckpointValue } from "../../state/checkpoint/checkpoint-value.ts";

/** Log position of a checkpoint, in record numbers. */
export interface Position {
  /** The checkpoint contains every record up to this one; 0: none. */
  readonly all: number;
  /** Pipelines that were saved later, by number: the last record that each contains. */
  readonly pipelines: ReadonlyMap<number, number>;
}

/** A position, and what the checkpoint with it owes to the budget of `CheckpointPolicy`, bytes. */
export interface SavedPosition extends Position {
  readonly owed: number;
}

const ALL = "journal";
const PIPELINE = "journal/";
const OWED = "owed";

/** A position as checkpoint values without bytes: their versions carry it, in the manifest. */
export function positionValues({ all, pipelines, owed }: SavedPosition): CheckpointValue[] {
  const value = (name: string, version: number) => ({ name, version, bytes: new Uint8Array() });
  return [
    value(ALL, all),
    value(OWED, Math.round(owed)),
    ...[...pipelines].map(([id, seq]) => value(`${PIPELINE}${id}`, seq)),
  ];
}

/** The position among the values of a checkpoint. */
export function positionOf(values: ReadonlyMap<string, CheckpointValue>): SavedPosition {
  const later = [...values.values()].filter(({ name }) => name.startsWith(PIPELINE));
  return {
    all: values.get(ALL)?.version ?? 0,
    owed: values.get(OWED)?.version ?? 0,
    pipelines: new Map(
      later.map(({ name, version }) => [Number(name.slice(PIPELINE.length)), version]),
    ),
  };
}

/** First log record of which no value of a checkpoint contains anything. */
export function nextRecord(values: ReadonlyMap<string, CheckpointValue>): number {
  const { all, pipelines } = positionOf(values);
  return Math.max(all, ...pipelines.values()) + 1;
}

/** Whether a value belongs to the position. */
export function isPosition(name: string): boolean {
  return name === ALL || name === OWED || name.startsWith(PIPELINE);
}
