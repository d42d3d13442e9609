import { defineCommand } from "../../options/table.ts";

/** `iotmon replay`. */
export const replayCommand = defineCommand({
  name: "replay",
  summary: "backtest: which alerts a recording would have raised, when and why",
  description:
    "Runs recordings through the engine of the live modes and shows which alerts they would\n" +
    "have raised: when, on which sensor, how severe and why. Without --pipeline it infers one.",
  argument: {
    name: "[file...]",
    help: "recordings: files, globs, - for stdin; several form one stream",
    completion: "file",
  },
  options: async () => (await import("./options.ts")).REPLAY_OPTIONS,
  check: async (options) => (await import("./options.ts")).checkReplayOptions(options),
  async run(files, options, context) {
    const { threadsToStart } = await import("./run/threads-to-start.ts");
    const { SpareThreads } = await import("../../../runtime/clients/spare-threads.ts");
    const spare = new SpareThreads(threadsToStart(files, options, context.cwd));
    try {
      const { runReplay } = await import("./replay.ts");
      return await runReplay(files, options, context, spare);
    } finally {
      await spare.end();
    }
  },
});
