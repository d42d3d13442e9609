import { FORMAT } from "../../options/kinds.ts";
import type { OptionsOf } from "../../options/table.ts";

export const OPTIONS = { format: FORMAT } as const;

/** The parsed options of `ports`. */
export type PortsOptions = OptionsOf<typeof OPTIONS>;
