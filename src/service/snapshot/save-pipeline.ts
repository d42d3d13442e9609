import type { ReadingBuffer } from "../../buffer/reading-buffer.ts";
import { StateReader } from "../../core/state-codec.ts";
import type { Intake } from "../../engine/intake.ts";
import type { SavedPart } from "../../engine/keys/snapshot-parts.ts";
import type { DailyAlarms } from "../live-pipeline/counts/daily-alarms.ts";
import type { Observations, PipelineCore } from "../live-pipeline/observations.ts";
import type { ExecutedCall, RepeatableCalls } from "../live-pipeline/repeatable-calls.ts";
import type { SourceStates } from "../live-pipeline/source-states.ts";
import { KeySaves } from "./key-saves.ts";
import type { PartReader, PartWriter } from "./snapshot-parts.ts";

/** The saved state of a pipeline. */
export interface SavedPipeline {
  readonly core: PipelineCore;
  readonly intake: Intake;
  readonly buffer: ReadingBuffer;
  readonly observations: Observations;
  readonly sources: SourceStates;
  readonly alarms: DailyAlarms;
  readonly calls: RepeatableCalls;
}

const WHY = "why/";

/**
 * Saves a pipeline as it is now, in steps: small parts that change with every row, large ones that change
 * only until they are full, then one sensor per step. Between steps there may be rows and score calls only.
 *
 * @throws {RangeError} If a save is in progress.
 */
export function* savePipeline(
  prefix: string,
  saved: SavedPipeline,
  out: PartWriter,
): Generator<void, void> {
  const { core, buffer } = saved;
  const { keys } = core;
  if (core.saving !== null) throw new RangeError("A pipeline can't be saved twice at once");
  const saving = new KeySaves(keys.size, (key) => saveKey(`${prefix}key/${key}/`, key, saved, out));
  core.saving = saving;
  try {
    saveCommon(prefix, saved, out);
    const has = (number: number, count: number) => out.has(`${prefix}buffer/${number}`, count);
    for (const { number, rows: count, bytes } of buffer.save(has)) {
      out.put(`${prefix}buffer/${number}`, count, bytes);
      yield;
    }
    yield; // a pipeline without rows has a first step too
    yield* saving.rest();
  } finally {
    core.saving = null;
  }
}

function saveCommon(
  prefix: string,
  { core, intake, buffer, observations, sources, alarms, calls }: SavedPipeline,
  out: PartWriter,
): void {
  const { keys, rows } = core;
  out.json(`${prefix}keys`, keys.size, () => keys.names);
  out.write(`${prefix}intake`, buffer.appended + intake.outOfOrder + intake.changes, (writer) =>
    intake.save(writer, keys.size),
  );
  const { values } = intake;
  if (values.changes > 0) out.write(`${prefix}values`, values.changes, (w) => values.save(w));
  if (sources.changes > 0) out.json(`${prefix}sources`, sources.changes, () => sources.save());
  if (alarms.changes > 0) out.json(`${prefix}alarms`, alarms.changes, () => alarms.save());
  for (const block of calls.blocks) {
    out.json(`${prefix}calls/${block.number}`, block.calls.length, () => block.calls);
  }
  out.write(`${prefix}rows`, buffer.appended, (writer) => writer.f64(buffer.appended));
  // it has a number for each sensor, even without a verdict
  out.write(`${prefix}tallies`, observations.changes + keys.size, (writer) =>
    observations.saveCounts(writer),
  );
  out.keepAll(`${prefix}key/`);
  const { history, allColumns, clockSteps } = rows;
  if (clockSteps.changes > 0) {
    out.json(`${prefix}clock_steps`, clockSteps.changes, () => clockSteps.save());
  }
  for (const block of history.blocks) {
    out.write(`${prefix}history/${block}`, history.blockRows(block), (writer) =>
      history.save(block, allColumns, writer),
    );
  }
}

function saveKey(
  folder: string,
  key: number,
  { core, observations }: SavedPipeline,
  out: PartWriter,
): void {
  observations.keepExplanations(key);
  for (const { name, version, bytes } of core.engine.snapshot(key, versionsIn(out, folder))) {
    out.put(folder + name, version, bytes);
  }
  for (const [detector, { row, contributions }] of observations.explanations.of(key)) {
    out.json(`${folder}${WHY}${detector.name}`, row, () => ({ row, contributions }));
  }
}

/** Versions of the parts in a folder, by their names in it. */
function versionsIn(out: PartWriter, folder: string): Pick<ReadonlyMap<string, number>, "get"> {
  return { get: (name) => out.version(folder + name) };
}

/**
 * Restores a new pipeline of the same shape, one sensor per step. Missing or damaged parts start empty. Windows and models
 * of a sensor wait as saved parts for its first reading or score call; a loss among them is reported then.
 */
export function* restorePipeline(
  { core, intake, buffer, observations, sources, alarms, calls }: SavedPipeline,
  snapshot: PartReader,
): Generator<void, void> {
  const { keys, rows, engine } = core;
  const named = snapshot.restore("keys", "the list of sensors", (bytes) => {
    for (const name of parse<string[]>(bytes)) keys.intern(name);
  });
  if (!named) return;
  const optional = (name: string, what: string, load: (bytes: Uint8Array) => void): void => {
    const bytes = snapshot.get(name);
    if (bytes !== undefined) snapshot.tryLoad(what, () => load(bytes));
  };
  optional("sources", "the progress of the sources", (bytes) => sources.load(parse(bytes)));
  optional("alarms", "the number of alarms", (bytes) => alarms.load(parse(bytes)));
  for (const [number, bytes] of snapshot.numbered("calls")) {
    const what = "the calls that clients may send again";
    snapshot.tryLoad(what, () => calls.load(number, parse<ExecutedCall[]>(bytes)));
  }
  const inSequence = snapshot.restore("intake", "the order of readings", (bytes) =>
    intake.load(new StateReader(bytes)),
  );
  optional("values", "the columns without values", (bytes) =>
    intake.values.load(new StateReader(bytes)),
  );
  let appended = 0;
  snapshot.restore("rows", "the number of rows", (bytes) => {
    appended = new StateReader(bytes).f64();
  });
  snapshot.restore("tallies", "the count of anomalies", (bytes) =>
    observations.loadCounts(new StateReader(bytes)),
  );
  const { history, allColumns, clockSteps } = rows;
  optional("clock_steps", "the clocks that were set", (bytes) => clockSteps.load(parse(bytes)));
  for (const [block, bytes] of snapshot.numbered("history")) {
    snapshot.tryLoad(`block ${block} of the last rows`, () =>
      history.load(allColumns, new StateReader(bytes)),
    );
  }
  if (history.end !== appended) history.beginAt(appended);
  const chunks = snapshot.numbered("buffer").map(([number, bytes]) => ({ number, rows: 0, bytes }));
  buffer.load(chunks, appended);
  for (const [key, parts] of snapshot.grouped("key")) {
    const what = `the state of "${keys.names[key]}"`;
    const saved: SavedPart[] = [];
    for (const part of parts) {
      const { name, bytes } = part;
      if (name.startsWith(WHY))
        observations.loadExplanation(key, name.slice(WHY.length), parse(bytes));
      else if (inSequence || name !== "sequence") saved.push(part);
    }
    snapshot.tryLoad(what, () => engine.restore(key, saved, (error) => snapshot.lost(what, error)));
    yield;
  }
}

function parse<T>(bytes: Uint8Array): T {
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}
