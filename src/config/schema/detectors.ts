import { z } from "zod";
import { detectorTypes } from "../detectors/registry.ts";

type AnyEntrySchema = (typeof detectorTypes)[number]["schema"];

const schemas = detectorTypes.map(({ schema }) => schema) as unknown as [
  AnyEntrySchema,
  ...AnyEntrySchema[],
];

/** `detectors`: what decides that a reading is anomalous. */
export const detectorsSchema = z.array(z.discriminatedUnion("algorithm", schemas)).min(1);
