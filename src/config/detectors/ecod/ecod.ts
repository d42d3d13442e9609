import {
  BUDGET_ALERTS,
  CONTAMINATION_ALERTS,
  resolveAlerts,
} from "../../resolve/detectors/alerts.ts";
import type { DetectorType } from "../detector-type.ts";
import { resolveEcod } from "./resolve.ts";
import { ecodSchema } from "./schema.ts";

/** The streaming ECOD detector. */
export const ecod: DetectorType<typeof ecodSchema> = {
  algorithm: "ecod",
  schema: ecodSchema,
  namedInputs: ({ features }) => features ?? [],
  resolve: resolveEcod,
  sharesBudget: ({ contamination, alerts }) =>
    contamination === undefined && alerts?.budget === undefined,
  resolveAlerts: ({ contamination, alerts = {} }, ofPipeline, path, findings) => {
    if (contamination !== undefined && alerts.budget !== undefined) {
      const message = "the contamination decides already which readings are anomalous";
      findings.fault([...path, "budget"], message, "Remove `budget` or `contamination`", "key");
    }
    const defaults = contamination === undefined ? BUDGET_ALERTS : CONTAMINATION_ALERTS;
    return resolveAlerts(ofPipeline, alerts, defaults, path, findings);
  },
};
