import { type CommandGroup, defineCommand } from "../../options/table.ts";

const verify = defineCommand({
  name: "verify",
  summary: "check the signature of a message, and explain a wrong one",
  description:
    "Checks the signature of a message as a receiver should. Exits with 1 when it is wrong.\n" +
    "The secret comes from an environment variable or a file, never from an option.",
  argument: {
    name: "[body]",
    help: "file with the body as received, byte for byte; - for stdin",
    completion: "file",
    default: "-",
  },
  options: async () => (await import("./options.ts")).VERIFY_OPTIONS,
  async run([body = "-"], options, context) {
    const { runWebhookVerify } = await import("./webhook-verify.ts");
    return runWebhookVerify(body, options, context);
  },
});

const test = defineCommand({
  name: "test",
  summary: "send a test message to the sinks of a pipeline now",
  description:
    "Sends one made-up message to each sink of a pipeline that posts over the network, and shows the\n" +
    "answers. Exits with 69 when a sink does not accept it.",
  options: async () => (await import("./options.ts")).TEST_OPTIONS,
  async run(_args, options, context) {
    const { runWebhookTest } = await import("./webhook-test.ts");
    return runWebhookTest(options, context);
  },
});

/** `iotmon webhook`. */
export const webhookCommands: CommandGroup = {
  name: "webhook",
  summary: "for authors of receivers: verify a message, send a test message",
  description: "Helps to write and set up receivers of messages.",
  commands: [verify, test],
};
