import { resolveAlerts } from "../../resolve/detectors/alerts.ts";
import type { DetectorType } from "../detector-type.ts";
import { resolveEcod } from "./resolve.ts";
import { ecodSchema } from "./schema.ts";

/** The streaming ECOD detector. */
export const ecod: DetectorType<typeof ecodSchema> = {
  algorithm: "ecod",
  schema: ecodSchema,
  namedInputs: ({ features }) => features ?? [],
  resolve: resolveEcod,
  resolveAlerts: ({ alerts = {} }, ofPipeline, path, findings) =>
    resolveAlerts(ofPipeline, alerts, path, findings),
};
