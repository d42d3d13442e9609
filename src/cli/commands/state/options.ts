import { FORMAT, STATE_OPTIONS } from "../../options/kinds.ts";
import type { OptionsOf } from "../../options/table.ts";

export const INFO_OPTIONS = { ...STATE_OPTIONS, format: FORMAT } as const;
export const RESET_OPTIONS = {
  ...STATE_OPTIONS,
  yes: { flags: "--yes", help: "confirm the deletion" },
} as const;

/** The parsed options of `state info`. */
export type StateInfoOptions = OptionsOf<typeof INFO_OPTIONS>;
/** The parsed options of `state reset`. */
export type StateResetOptions = OptionsOf<typeof RESET_OPTIONS>;
