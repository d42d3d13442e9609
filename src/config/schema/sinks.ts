import { z } from "zod";
import { severity, text } from "./values.ts";

const shared = {
  min_severity: severity.optional().describe("Least severe message it gets. Default info."),
};

/** `sinks`: where messages go in live modes. */
export const sinksSchema = z.array(
  z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("console"), ...shared }),
    z.strictObject({
      type: z.literal("file"),
      path: text.describe("JSON Lines file that messages are added to."),
      ...shared,
    }),
    z.strictObject({
      type: z.literal("webhook"),
      url: z.url({ protocol: /^https?$/, error: "must be an http or https address" }),
      secret: text.optional().describe("Signs each message; keep it in a variable."),
      ...shared,
    }),
  ]),
);
