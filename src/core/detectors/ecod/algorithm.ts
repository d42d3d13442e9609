import type { Algorithm } from "../algorithm.ts";
import { ecodBytes, ecodWarmUpBytes } from "./bytes.ts";
import type { EcodConfig } from "./config.ts";
import { Ecod } from "./ecod.ts";

/** The streaming ECOD detector. */
export const ecod: Algorithm<EcodConfig> = {
  create: (config, dimension, memories) => new Ecod(config, dimension, memories),
  bytes: ecodBytes,
  warmUpBytes: ecodWarmUpBytes,
  rule: () => null,
  learning: (config) => config,
  scores: true,
};
