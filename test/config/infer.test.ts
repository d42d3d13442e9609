import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inferPipeline } from "../../src/config/infer/infer.ts";
import { writePipeline } from "../../src/config/infer/write.ts";
import { parsePipeline } from "../../src/config/parse.ts";
import { resolvePipeline } from "../../src/config/resolve.ts";
import { timeColumn } from "../../src/core/timestamp/time-plan.ts";
import type { ColumnProfile, ColumnRole } from "../../src/io/decoders/input-profile.ts";
import { column, profile } from "../support/profiles.ts";

const source = { stem: "valve 1/0", paths: ["data/0.csv"] };
const skab = profile(
  column("datetime", "timestamp"),
  column("Volume Flow RateRMS", "number"),
  column("anomaly", "label", { numbers: 100 }),
  column("column_1", "index"),
  column("spare", "empty"),
);

const roles: ColumnRole[] = ["timestamp", "number", "number", "label", "text", "index", "empty"];
const names = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }).filter((name) => name !== "__proto__"),
  fc.string({
    unit: fc.constantFrom("${", "}", ":", "#", "'", '"', " ", "-", "a", "{", "\n"),
    minLength: 1,
  }),
  fc.string({
    unit: fc.constantFrom("ab", " ", "\n", "\\", '"', "# "),
    minLength: 60,
    maxLength: 150,
  }),
  fc.constantFrom("sensor_id", "device", "true", "null", "1", "~", "t", "t_diff", "t_mean_10", "é"),
  fc.constantFrom("constructor", "toString", "hasOwnProperty", "length"),
);
const columns: fc.Arbitrary<ColumnProfile[]> = fc
  .uniqueArray(fc.tuple(names, fc.constantFrom(...roles), fc.integer({ min: 1, max: 100 })), {
    maxLength: 12,
    selector: ([name]) => name,
  })
  .map((all) => [
    column("first", "number"),
    ...all
      .filter(([name]) => name !== "first")
      .map(([name, role, distinct]) => column(name, role, { distinct })),
  ]);

describe("inferPipeline", () => {
  it("takes the time that the profile found, and writes down how it is written", () => {
    const plan = timeColumn("Time", "%d/%m/%Y %H:%M");
    const input = {
      ...profile(
        column("installed", "timestamp"),
        column("Time", "timestamp"),
        column("t", "number"),
      ),
      time: { kind: "plan", plan, by: "values" } as const,
    };
    const { pipeline, document } = inferPipeline(input, source);
    expect(document.source).toMatchObject({ time: { columns: "Time", format: "%d/%m/%Y %H:%M" } });
    expect(resolvePipeline(pipeline, input, "x").layout).toMatchObject({
      timestamp: { columns: ["Time"] },
      text: ["installed"],
    });
  });

  it("names the pipeline after the source", () => {
    expect(inferPipeline(skab, source).pipeline.name).toBe("0");
    expect(inferPipeline(skab, { stem: "stdin", paths: [] }).document.source).toMatchObject({
      type: "stdin",
    });
  });

  it("gives the same plan as an empty pipeline", () => {
    fc.assert(
      fc.property(columns, (all) => {
        const input = profile(...all);
        const { pipeline } = inferPipeline(input, source);
        const bare = parsePipeline(
          "version: 1\ndetectors: [{ name: anomaly, algorithm: ecod }]\n",
          "x",
          {},
        );
        const inferred = resolvePipeline(pipeline, input, source.stem);
        const plain = resolvePipeline(bare, input, source.stem);
        expect(inferred.layout).toEqual(plain.layout);
        expect(inferred.plan.detectors.map(({ inputNames }) => inputNames)).toEqual(
          plain.plan.detectors.map(({ inputNames }) => inputNames),
        );
      }),
    );
  });

  it("uses the given labels, and lists the columns for an unknown one", () => {
    const labelled = { ...source, labels: ["column_1"] };
    const { pipeline } = inferPipeline(skab, labelled);
    expect(resolvePipeline(pipeline, skab, "x").layout).toMatchObject({
      labels: ["column_1"],
      numeric: ["Volume Flow RateRMS", "anomaly"],
    });
    const wrong = { ...source, labels: ["anomalie"] };
    expect(() => inferPipeline(skab, wrong)).toThrow(
      expect.objectContaining({
        faults: [
          expect.objectContaining({
            hint: expect.stringMatching(/^Did you mean "anomaly"\? Columns are: /),
          }),
        ],
      }),
    );
  });

  it("rejects an input without numbers", () => {
    expect(() => inferPipeline(profile(column("note", "text")), source)).toThrow("fault");
  });
});

describe("writePipeline", () => {
  it("writes a file that parses to the inferred pipeline", () => {
    fc.assert(
      fc.property(columns, (all) => {
        const input = profile(...all);
        const { document, pipeline } = inferPipeline(input, source);
        const again = parsePipeline(writePipeline(document, ["a\nb"]), "p.yaml", {
          a: "wrong",
          b: "wrong",
        });
        expect(again.name).toBe(pipeline.name);
        expect(again.config).toEqual(pipeline.config);
        expect(resolvePipeline(again, input, "x")).toEqual(resolvePipeline(pipeline, input, "x"));
      }),
      { numRuns: 300 },
    );
  });

  it("has a comment above every choice", () => {
    const text = writePipeline(inferPipeline(skab, source).document, []);
    for (const key of ["source", "key", "features", "warmup_period", "budget", "labels"]) {
      expect(text).toMatch(new RegExp(`# [^\n]+\n *${key}:`));
    }
  });
});
