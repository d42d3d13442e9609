import { describe, expect, it } from "vitest";
import { acceptsMessage, type SinkFilter } from "../../../src/io/sinks/filter.ts";
import { LabelPattern } from "../../../src/io/sinks/label-pattern.ts";
import { bodyOf } from "../../support/messages.ts";

const expression = (text: string): LabelPattern => LabelPattern.of(text) as LabelPattern;

const all: SinkFilter = { minSeverity: "info", sendResolved: true, match: [] };

const accepts = (filter: Partial<SinkFilter>, changes: Parameters<typeof bodyOf>[0] = {}) =>
  acceptsMessage({ ...all, ...filter }, bodyOf(changes));

describe("acceptsMessage", () => {
  it("compares severities by rank", () => {
    for (const [least, severity, accepted] of [
      ["info", "info", true],
      ["warning", "info", false],
      ["warning", "warning", true],
      ["warning", "critical", true],
      ["critical", "warning", false],
    ] as const) {
      expect(accepts({ minSeverity: least }, { severity }), `${least} ${severity}`).toBe(accepted);
    }
  });

  it("rejects ends if they are switched off", () => {
    expect(accepts({ sendResolved: false }, { status: "resolved" })).toBe(false);
    expect(accepts({ sendResolved: false }, { status: "escalated" })).toBe(true);
  });

  it.each([
    ["a text", [{ label: "team", values: ["facilities"] }], true],
    ["another text", [{ label: "team", values: ["Facilities"] }], false],
    ["a list", [{ label: "team", values: ["x", "facilities"] }], true],
    ["an expression", [{ label: "team", values: [expression("/^fac/")] }], true],
    ["a built-in name", [{ label: "sensor_id", values: [expression("/^pump-\\d+$/")] }], true],
    ["a label that is missing", [{ label: "floor", values: [expression("/.*/")] }], false],
    ["a name of every object", [{ label: "constructor", values: [expression("/.*/")] }], false],
    [
      "two that hold",
      [
        { label: "team", values: ["facilities"] },
        { label: "severity", values: ["critical"] },
      ],
      true,
    ],
    [
      "two of which one holds",
      [
        { label: "team", values: ["facilities"] },
        { label: "status", values: ["resolved"] },
      ],
      false,
    ],
  ])("matches labels: %s", (_, match, accepted) => {
    expect(accepts({ match })).toBe(accepted);
  });

  it("prefers built-in names to labels of the same name", () => {
    const match = [{ label: "severity", values: ["none"] }];
    expect(accepts({ match }, { labels: { severity: "none" } })).toBe(false);
  });
});
