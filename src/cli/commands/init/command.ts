import { defineCommand } from "../../options/table.ts";

/** `iotmon init`. */
export const initCommand = defineCommand({
  name: "init",
  summary: "write a commented pipeline, inferred from a sample",
  description:
    "Reads a recording and writes a commented pipeline for it. Presets:\n" +
    "  sensor      machines whose normal behaviour changes: it keeps adapting\n" +
    "  process     a plant that is healthy at first, and faults that stay\n" +
    "  slow-drift  changes over hundreds of readings",
  argument: { name: "<sample>", help: "recording, - for stdin", completion: "file" },
  options: async () => (await import("./options.ts")).OPTIONS,
  async run([sample = "-"], options, context) {
    const { runInit } = await import("./init.ts");
    return runInit(sample, options, context);
  },
});
