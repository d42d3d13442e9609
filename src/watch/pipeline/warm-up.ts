import { type Batch, batchView } from "../../core/batch.ts";
import { KeyTable } from "../../core/key-table.ts";
import type { Layout } from "../../core/layout.ts";
import type { StateMachine } from "../../service/state-machine.ts";
import type { PatientCommands } from "./patient-commands.ts";

/** Maximum number of rows of one command. */
const MAX_ROWS = 2048;

/** A recording that a fresh pipeline learns from. */
export interface History {
  /** Its path as the user named it. */
  readonly label: string;
  /** Sensor of rows that name none. */
  readonly constantKey: string;
  /** Reads all of it from the beginning; every call yields the same. */
  read(layout: Layout, keys: KeyTable): AsyncIterable<Batch>;
}

/** Parameters of {@link warmUp}. */
export interface WarmUpSetup {
  /** For queries; changes are commands. */
  readonly machine: StateMachine;
  readonly commands: PatientCommands;
  /** Name of a pipeline of the state machine. */
  readonly name: string;
  readonly signal: AbortSignal;
}

/**
 * Takes a history through a fresh pipeline, without alerts. Continues a warm-up that was interrupted.
 *
 * @returns Readings so far; null: the pipeline has other readings, and nothing was done.
 */
export async function warmUp(history: History, setup: WarmUpSetup): Promise<number | null> {
  const { machine, commands, name, signal } = setup;
  const { pipeline } = machine.pipeline(name);
  const source = `history ${history.label}`;
  const { rows: known, position } = pipeline.sources.get(source);
  if (position !== null || (known === 0 && pipeline.buffer.appended > 0)) return null;
  const keys = new KeyTable(pipeline.keys.capacity);
  for (const key of pipeline.keys.names) keys.intern(key);
  const layout = { ...pipeline.frame.layout, constantKey: history.constantKey };
  let read = 0;
  const take = (batch: Batch): Promise<void> => {
    const progress = { position: null, skip: 0, rows: read };
    const rows = { batch, sensors: keys.names };
    return commands.execute({ kind: "append_batch", name, source, progress, rows, quiet: true });
  };
  for await (const batch of history.read(layout, keys)) {
    for (let from = 0; from < batch.length && !signal.aborted; from += MAX_ROWS) {
      const to = Math.min(batch.length, from + MAX_ROWS);
      const start = Math.min(to, Math.max(from, from + known - read)); // after the rows that it has already
      read += to - from;
      if (start < to) await take(batchView(batch, start, to));
    }
    if (signal.aborted) return read;
  }
  const progress = { position: { rows: read }, skip: 0, rows: read };
  const nothing = { batch: emptyBatch(layout), sensors: [] };
  await commands.execute({
    kind: "append_batch",
    ...{ name, source, progress, rows: nothing, quiet: true },
  });
  return read;
}

function emptyBatch({ numeric, labels, text }: Layout): Batch {
  const none = (): Float64Array => new Float64Array(0);
  return {
    length: 0,
    timestamps: none(),
    keys: new Uint32Array(0),
    columns: numeric.map(none),
    labels: labels.map(none),
    texts: text.map(() => ({ codes: new Uint32Array(0), values: [] })),
    rows: new Uint32Array(0),
    source: 0,
  };
}
