import { defineCommand } from "../../options/table.ts";

/** `iotmon watch`. */
export const watchCommand = defineCommand({
  name: "watch",
  summary: "watch live sources on the device: show and send alerts as they happen",
  description:
    "Scores readings as they arrive and shows alerts, until Ctrl-C, SIGTERM or the end of stdin.\n" +
    "It keeps what it learns in a state directory, so a restart continues warm.\n" +
    "Without --pipeline it infers a pipeline from the first lines.",
  argument: {
    name: "[source...]",
    help: "ports such as /dev/ttyUSB0, growing files, - for stdin; by default those of the pipeline",
    completion: "file",
  },
  options: async () => (await import("./options.ts")).WATCH_OPTIONS,
  async run(sources, options, context) {
    const { runWatch } = await import("./watch.ts");
    return runWatch(sources, options, context);
  },
});
