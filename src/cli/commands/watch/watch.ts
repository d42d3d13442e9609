import { resolve } from "node:path";
import { loadPipeline } from "../../../config/load.ts";
import { pipelineName } from "../../../config/pipeline-name.ts";
import { STATE_ROOT, statePath } from "../../../config/state-path.ts";
import { RejectLog } from "../../../io/rejects.ts";
import { SessionRecordingWriter } from "../../../io/session-recording/session-recording-writer.ts";
import { SessionRecorder } from "../../../watch/session-recorder.ts";
import type { CliContext } from "../../context.ts";
import { EXIT } from "../../exit-code.ts";
import { signalWithin } from "../../process/signal-within.ts";
import { historyOf } from "../../recordings/history.ts";
import { createView } from "./live-view/live-view.ts";
import { LiveWatch } from "./live-watch.ts";
import type { WatchOptions } from "./options.ts";
import { BoundedOutput } from "./output/bounded-output.ts";
import { WatchNotes } from "./output/watch-notes.ts";
import { WatchOutput } from "./output/watch-output.ts";
import { chooseSources } from "./watch-sources.ts";

/** `iotmon watch`: runs until its sources end, a limit is reached or a signal stops it. @returns The exit code. */
export async function runWatch(
  names: readonly string[],
  options: WatchOptions,
  context: CliContext,
): Promise<number> {
  const file =
    options.pipeline === undefined
      ? null
      : await loadPipeline(resolve(context.cwd, options.pipeline), options.pipeline, context.env);
  const sources = await chooseSources(names, file, options, context);
  const stem = sources[0]?.source.stem ?? "";
  const own = file === null ? `${STATE_ROOT}/${pipelineName(stem)}` : statePath(file);
  const name = file?.name ?? pipelineName(stem);
  const labels = sources.map(({ source }) => source.label);
  const view = createView({ name, sources: labels }, options, context);
  const notes = new WatchNotes(options, context, openRejects(options, context), view?.printNote);
  const recording = await createRecording(options, context, notes);
  const recorders = recording === null ? [] : [new SessionRecorder(recording, labels)];
  // a serial port does not wait, so watch must not wait for the reader of stdout
  const bounded =
    view === null && sources.some(({ source }) => source.isDevice)
      ? new BoundedOutput(context.stdout, (lines) => notes.unread(lines), context.abandonStdout)
      : null;
  const output = new WatchOutput(options, context, (view ?? bounded)?.print, labels.length);
  const watch = await LiveWatch.open(
    { state: options.state ?? own, name: pipelineName(stem), file, options, recording },
    [...recorders, output, notes, ...(view === null ? [] : [view])],
    context,
  );
  try {
    view?.start();
    const stop = signalWithin(context.signal, options.for);
    const history =
      options.warmFrom === undefined ? null : await historyOf(options.warmFrom, sources, context);
    const readings = await watch.run(sources, history, options.limit, stop);
    view?.finish();
    await bounded?.close();
    notes.finish(readings);
    if (!stop.aborted) notes.check(readings, labels);
  } finally {
    view?.close();
    await recording?.close(); // before the store, so that its errors are still reported
    await watch.close();
    notes.close();
  }
  return EXIT.ok;
}

/** A restarted service continues recording in a new file; it never overwrites one. */
async function createRecording(
  { record }: WatchOptions,
  { cwd }: CliContext,
  notes: WatchNotes,
): Promise<SessionRecordingWriter | null> {
  if (record === undefined) return null;
  const writer = await SessionRecordingWriter.create(resolve(cwd, record), record, Date.now);
  const { label } = writer;
  if (label !== record) notes.note("info", `${record} exists already: recording to ${label}`);
  return writer;
}

/** A restart appends to the file, so earlier rejects stay. */
function openRejects({ rejects }: WatchOptions, { cwd }: CliContext): RejectLog {
  return rejects === undefined
    ? new RejectLog()
    : new RejectLog(resolve(cwd, rejects), rejects, "append");
}
