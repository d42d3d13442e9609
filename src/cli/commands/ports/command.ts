import { FORMAT } from "../../options/kinds.ts";
import { defineCommand } from "../../options/table.ts";

/** `iotmon ports`. */
export const portsCommand = defineCommand({
  name: "ports",
  summary: "list serial ports, with names that stay the same",
  description:
    "Lists serial ports: the name for `watch`, the device, whether this user may read it, and what\n" +
    "it is. Where the system supports it, the name stays the same when the port is plugged in again.",
  options: async () => ({ format: FORMAT }),
  async run(_args, options, context) {
    const { runPorts } = await import("./ports.ts");
    return runPorts(options, context);
  },
});
