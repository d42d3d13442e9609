import { FORMAT } from "../../options/kinds.ts";
import type { OptionsOf } from "../../options/table.ts";

export const OPTIONS = { format: FORMAT } as const;

/** The parsed options of `check`. */
export type CheckOptions = OptionsOf<typeof OPTIONS>;
