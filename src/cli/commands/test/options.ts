import { FILE, FORMAT, TEXT } from "../../options/kinds.ts";
import type { OptionsOf, OptionTable } from "../../options/table.ts";

export const OPTIONS = {
  run: {
    flags: "--run <pattern>",
    kind: TEXT,
    help: "run only tests whose name matches this expression",
  },
  update: {
    flags: "--update",
    help: "write actual results into the files as expected results; keeps comments",
  },
  junit: {
    flags: "--junit <file>",
    kind: FILE,
    help: "also write the results to this file as JUnit XML",
  },
  format: FORMAT,
} as const satisfies OptionTable;

/** The parsed options of `test`. */
export type TestOptions = OptionsOf<typeof OPTIONS>;
