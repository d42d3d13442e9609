import type { EcodConfig } from "./ecod/config.ts";

/** Settings of any detector; `algorithm` tells which. */
export type DetectorConfig = EcodConfig;
