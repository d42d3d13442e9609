import { expect, it } from "vitest";
import { parsePipeline } from "../../src/config/parse.ts";
import { withLabels } from "../../src/config/with-labels.ts";

const labelled = (source: string): unknown =>
  withLabels(parsePipeline(`version: 1\n${source}`, "p.yaml", {}), "fault").config.source;

it("withLabels sets the label column of every source, or of recordings if there is no source", () => {
  expect(labelled("")).toMatchObject({ type: "stdin", labels: ["fault"] });
  expect(labelled("source: { type: file, path: a.csv, labels: [old] }")).toMatchObject({
    type: "file",
    path: "a.csv",
    labels: ["fault"],
  });
  const files = "source: [{ type: file, path: a.csv }, { type: file, path: b.csv }]";
  expect(labelled(files)).toMatchObject([
    { path: "a.csv", labels: ["fault"] },
    { path: "b.csv", labels: ["fault"] },
  ]);
});
