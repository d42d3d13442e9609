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
import { BoundedOutput } from "./output/bounded-output.ts";
import { WatchNotes } from "./output/watch-notes.ts";
import { WatchOutput } from "./output/watch-output.ts";
import { parseWatchFlags, type WatchFlags } from "./watch-options.ts";
import { chooseSources } from "./watch-sources.ts";

/** `iotmon watch`: until its sources end, or it is told to stop. @returns The exit code. */
export async function runWatch(
  names: readonly string[],
  flags: WatchFlags,
  context: CliContext,
): Promise<number> {
  const { forMs, limit } = parseWatchFlags(flags);
  const file =
    flags.pipeline === undefined
      ? null
      : await loadPipeline(resolve(context.cwd, flags.pipeline), flags.pipeline, context.env);
  const sources = await chooseSources(names, file, flags, context);
  const stem = sources[0]?.source.stem ?? "";
  const own = file === null ? `${STATE_ROOT}/${pipelineName(stem)}` : statePath(file);
  const name = file?.name ?? pipelineName(stem);
  const labels = sources.map(({ source }) => source.label);
  const view = createView({ name, sources: labels }, flags, context);
  const notes = new WatchNotes(flags, context, openRejects(flags, context), view?.say);
  const recording = await openRecording(flags, context, notes);
  const recorders = recording === null ? [] : [new SessionRecorder(recording, labels)];
  // a port does not wait, so nobody is waited for
  const bounded =
    view === null && sources.some(({ source }) => source.isDevice)
      ? new BoundedOutput(context.stdout, (lines) => notes.unread(lines), context.abandonStdout)
      : null;
  const output = new WatchOutput(flags, context, (view ?? bounded)?.print, labels.length);
  const watch = await LiveWatch.open(
    { state: flags.state ?? own, name: pipelineName(stem), file, flags, recording },
    [...recorders, output, notes, ...(view === null ? [] : [view])],
    context,
  );
  try {
    view?.start();
    const stop = signalWithin(context.signal, forMs);
    const history =
      flags.warmFrom === undefined ? null : await historyOf(flags.warmFrom, sources, context);
    const readings = await watch.run(sources, history, limit, stop);
    view?.finish();
    await bounded?.close();
    notes.finish(readings);
    if (!stop.aborted) notes.check(readings, labels);
  } finally {
    view?.close();
    await recording?.close(); // what goes wrong with its end is told too
    await watch.close();
    notes.close();
  }
  return EXIT.ok;
}

/** A service that starts again goes on recording, and never over what it has. */
async function openRecording(
  { record }: WatchFlags,
  { cwd }: CliContext,
  notes: WatchNotes,
): Promise<SessionRecordingWriter | null> {
  if (record === undefined) return null;
  const files = await SessionRecordingWriter.create(resolve(cwd, record), record, Date.now);
  const { label } = files;
  if (label !== record) notes.note("info", `${record} is there already: recording to ${label}`);
  return files;
}

/** A restart adds to the file, so that it does not take away what it is there for. */
function openRejects({ rejects }: WatchFlags, { cwd }: CliContext): RejectLog {
  return rejects === undefined
    ? new RejectLog()
    : new RejectLog(resolve(cwd, rejects), rejects, "append");
}
