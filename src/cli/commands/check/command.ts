import { FORMAT } from "../../options/kinds.ts";
import { defineCommand } from "../../options/table.ts";

/** `iotmon check`. */
export const checkCommand = defineCommand({
  name: "check",
  summary: "validate pipeline files without running them",
  description:
    "Validates pipeline files and shows every fault with file:line:column. It checks columns too\n" +
    "where the source is an existing file, or buffer.schema is given.",
  argument: { name: "<file...>", help: "pipeline files (YAML or JSON)", completion: "file" },
  options: async () => ({ format: FORMAT }),
  async run(files, options, context) {
    const { runCheck } = await import("./check.ts");
    return runCheck(files, options, context);
  },
});
