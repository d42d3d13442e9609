import { z } from "zod";
import { FORMAT_NAMES } from "../../../io/decoders/registry.ts";
import { duration, text } from "../../../io/setting-values.ts";
import { expectSchema, time } from "./expect.ts";

const notation = "must be a text such as 22~0.2x300 35x5; in quotes where YAML sees a number";
const series = z.record(text, z.string({ error: notation }));
const cell = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: "must be a number, a text, true, false or null",
});

/** Ways to give the rows of a test; each test has one of them. */
const GIVEN = ["series", "sensors", "rows", "file", "input"] as const;

const testCase = z
  .strictObject({
    name: text.describe("Name of the test; unique in the file."),
    env: z.record(text, z.string()).default({}).describe("Variables of the pipeline in this test."),
    start: time.prefault("2024-01-01T00:00:00Z").describe("Time of the first row without a time."),
    every: duration
      .refine((ms) => ms > 0, { error: "must be above zero" })
      .prefault("1m")
      .describe("Time from row to row."),
    seed: z.int().min(0).default(1).describe("Seed of the noise in series and sensors."),
    sensor: text.optional().describe("Sensor of all rows of series."),
    series: series.optional().describe("Values of each column in short notation: 22~0.2x300 35x5."),
    sensors: z
      .record(text, series)
      .optional()
      .describe("Series of each sensor; rows of the same time come in this order."),
    rows: z
      .array(z.record(text, cell))
      .min(1)
      .optional()
      .describe("Rows as columns with values; rows without a time get one."),
    file: text.optional().describe("Recording, relative to this file."),
    input: text.optional().describe("The bytes of an input, as text."),
    format: z
      .enum(["auto", ...FORMAT_NAMES])
      .default("auto")
      .describe("How input or file is written."),
    expect: expectSchema.prefault({}).describe("Expected results."),
  })
  .superRefine((test, context) => {
    const given = GIVEN.filter((name) => test[name] !== undefined);
    if (given.length === 1) return;
    const message =
      given.length === 0
        ? `needs rows: one of ${GIVEN.join(", ")}`
        : `gives rows more than once: ${given.join(", ")}`;
    context.addIssue({ code: "custom", message });
  });

/** `tests`: rows and expected results. */
export const testsSchema = z.array(testCase).superRefine((tests, context) => {
  for (const [i, { name }] of tests.entries()) {
    if (tests.findIndex((other) => other.name === name) === i) continue;
    context.addIssue({
      code: "custom",
      path: [i, "name"],
      message: "is the name of an earlier test",
    });
  }
});

/** A file of tests beside its pipeline. */
export const testFileSchema = z.strictObject({
  pipeline: text.describe("Pipeline file, relative to this file."),
  tests: testsSchema.min(1),
});

/** One test, checked. */
export type TestConfig = z.output<typeof testCase>;
