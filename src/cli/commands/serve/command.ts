import { defineCommand } from "../../options/table.ts";

/** `iotmon serve`. */
export const serveCommand = defineCommand({
  name: "serve",
  summary: "serve the HTTP API: buffers, features, streaming detectors",
  description:
    "Serves the HTTP API until Ctrl-C or SIGTERM: buffers, rolling features, streaming\n" +
    "detectors. Its documentation is at /docs. Only this machine can reach it unless --host\n" +
    "names another address.",
  options: async () => (await import("./options.ts")).OPTIONS,
  async run(_args, options, context) {
    const { runServe } = await import("./serve.ts");
    return runServe(options, context);
  },
});
