import {
  type CommandGroup,
  type CommandSpec,
  defineCommand,
  type OptionTable,
} from "../../options/table.ts";

const list = defineCommand({
  name: "list",
  description: "Lists dead letters, the oldest first.",
  options: async () => (await import("./options.ts")).SHOW_OPTIONS,
  async run(_args, options, context) {
    const { runList } = await import("./dead-letters.ts");
    return runList(options, context);
  },
});

const show = defineCommand({
  name: "show",
  description: "Shows a dead letter with its message.",
  argument: { name: "<id>", help: "id of the message, or its beginning", completion: "nothing" },
  options: async () => (await import("./options.ts")).SHOW_OPTIONS,
  async run([id = ""], options, context) {
    const { runShow } = await import("./dead-letters.ts");
    return runShow(id, options, context);
  },
});

function changing(name: "redrive" | "purge", description: string): CommandSpec<OptionTable> {
  return defineCommand({
    name,
    description,
    argument: {
      name: "[id...]",
      help: "ids of messages, or their beginnings",
      completion: "nothing",
    },
    options: async () => (await import("./options.ts")).CHANGE_OPTIONS,
    async run(ids, options, context) {
      const { runChange } = await import("./dead-letters.ts");
      return runChange(name, ids, options, context);
    },
  });
}

/** `iotmon dead-letters`. */
export const deadLetterCommands: CommandGroup = {
  name: "dead-letters",
  summary: "messages that a sink did not accept: list, show, redrive or purge them",
  description:
    "Messages that a sink rejected or did not accept in time. --state or --pipeline names the state\n" +
    "directory; by default it is the only one in .iotmon.",
  commands: [
    list,
    show,
    changing(
      "redrive",
      "Puts dead letters back into the queue under the same ids, and enables their sinks again.",
    ),
    changing("purge", "Deletes dead letters."),
  ],
};
