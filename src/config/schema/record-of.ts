import { z } from "zod";
import { text } from "./values.ts";

const LEFT_OUT = "__proto__";
/** Stands for it where zod looks at a record; no file has it as a name. */
const INSTEAD = "\u0000__proto__";

/** A section of names of whatever kind to values. A record of zod leaves `__proto__` out without a word. */
export function recordOf<V extends z.ZodType>(
  value: V,
): z.ZodType<Record<string, z.output<V>>, Record<string, z.input<V>>> {
  const whole = z.preprocess(
    (section, context) => {
      if (typeof section !== "object" || section === null || !Object.hasOwn(section, LEFT_OUT)) {
        return section;
      }
      const { [LEFT_OUT]: own, ...others } = section as Readonly<Record<string, unknown>>;
      const { issues } = value._zod.run({ value: own, issues: [] }, {}) as z.core.ParsePayload;
      for (const issue of issues) {
        context.issues.push({ ...issue, path: [LEFT_OUT, ...(issue.path ?? [])] });
      }
      return issues.length > 0 ? others : { ...others, [INSTEAD]: own };
    },
    z.record(text, value),
  );
  return whole.transform((record) =>
    Object.fromEntries(
      Object.entries(record).map(([name, of]) => [name === INSTEAD ? LEFT_OUT : name, of]),
    ),
  ) as never;
}
