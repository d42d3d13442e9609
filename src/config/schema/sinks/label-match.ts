import { z } from "zod";

const EXPRESSION = /^\/(.+)\/(i?)$/s;
const MAX_EXPRESSION = 500;

const value = z
  .union([z.string(), z.number(), z.boolean()], { error: "must be a text, or a list of texts" })
  .transform(String)
  .transform((text, context): string | RegExp => {
    const [, source, flags] = EXPRESSION.exec(text) ?? [];
    if (source === undefined) return text;
    try {
      if (source.length <= MAX_EXPRESSION) return new RegExp(source, `${flags}u`);
      const message = `must be an expression of at most ${MAX_EXPRESSION} characters`;
      context.addIssue({ code: "custom", message });
    } catch {
      context.addIssue({ code: "custom", message: "must be a regular expression between slashes" });
    }
    return z.NEVER;
  });

/** Accepted values of a label: a text, a list of texts, or `/an expression/` that matches anywhere in it. */
export const labelMatch = z.union([value, z.array(value).min(1)]);
