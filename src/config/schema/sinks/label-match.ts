import { z } from "zod";
import { LabelPattern } from "../../../io/sinks/label-pattern.ts";

const value = z
  .union([z.string(), z.number(), z.boolean()], { error: "must be a text, or a list of texts" })
  .transform(String)
  .transform((text): string | LabelPattern => LabelPattern.of(text) ?? text);

/**
 * Accepted values of a label: a text, a list of texts, or `/an expression/` that matches anywhere in it. Does not
 * check the expressions, see `sinkFaults`.
 */
export const labelMatch = z.union([value, z.array(value).min(1)]);
