import { z } from "zod";
import { pipelineSchema } from "./pipeline.ts";

/** The JSON Schema (draft 2020-12) of pipeline files as they are written. */
export function jsonSchema(): object {
  return {
    title: "iotmon pipeline",
    ...z.toJSONSchema(pipelineSchema, { io: "input" }),
  };
}
