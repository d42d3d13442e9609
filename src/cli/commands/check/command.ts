import { FORMAT } from "../../options/kinds.ts";
import { defineCommand, type OptionsOf } from "../../options/table.ts";

const OPTIONS = { format: FORMAT } as const;

/** The parsed options of `check`. */
export type CheckOptions = OptionsOf<typeof OPTIONS>;

/** `iotmon check`. */
export const checkCommand = defineCommand({
  name: "check",
  summary: "validate pipeline files without running them",
  description:
    "Validates pipeline files and shows every fault with file:line:column. It checks columns too\n" +
    "where the source is an existing file, or buffer.schema is given.",
  argument: { name: "<file...>", help: "pipeline files (YAML or JSON)", completion: "file" },
  options: OPTIONS,
  async run(files, options, context) {
    const { runCheck } = await import("./check.ts");
    return runCheck(files, options, context);
  },
});
