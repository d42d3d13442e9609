import { FORMAT, STATE_OPTIONS, TEXT } from "../../options/kinds.ts";
import type { OptionsOf, OptionTable } from "../../options/table.ts";

const COMMON = {
  ...STATE_OPTIONS,
  sink: { flags: "--sink <name>", kind: TEXT, help: "only those of this sink" },
} as const satisfies OptionTable;
export const SHOW_OPTIONS = { ...COMMON, format: FORMAT } as const;
export const CHANGE_OPTIONS = { ...COMMON, all: { flags: "--all", help: "all of them" } } as const;

/** The parsed options of `dead-letters list` and `show`. */
export type DeadLetterShowOptions = OptionsOf<typeof SHOW_OPTIONS>;
/** The parsed options of `dead-letters redrive` and `purge`. */
export type DeadLetterChangeOptions = OptionsOf<typeof CHANGE_OPTIONS>;
