import { type CommandGroup, defineCommand } from "../../options/table.ts";

const info = defineCommand({
  name: "info",
  description: "Shows its contents: readings, sensors, sources, messages.",
  options: async () => (await import("./options.ts")).INFO_OPTIONS,
  async run(_args, options, context) {
    const { runStateInfo } = await import("./state.ts");
    return runStateInfo(options, context);
  },
});

const reset = defineCommand({
  name: "reset",
  description: "Deletes it; the next start has no state.",
  options: async () => (await import("./options.ts")).RESET_OPTIONS,
  async run(_args, options, context) {
    const { runStateReset } = await import("./state.ts");
    return runStateReset(options, context);
  },
});

/** `iotmon state`. */
export const stateCommands: CommandGroup = {
  name: "state",
  summary: "show or delete a state directory",
  description:
    "Shows or deletes the state of watch and serve. --state or --pipeline names the state directory; by\n" +
    "default it is the only one in .iotmon. Exits with 75 while another process uses it.",
  commands: [info, reset],
};
