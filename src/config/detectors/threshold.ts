import { ExpressionFault } from "../../core/expression/expression-fault.ts";
import { type ParsedExpression, parseExpression } from "../../core/expression/parse.ts";
import { printExpression } from "../../core/expression/print.ts";
import { compileExpression } from "../../core/expression/program.ts";
import { text } from "../../io/setting-values.ts";
import type { Path } from "../document.ts";
import type { Findings } from "../resolve/findings.ts";
import { ruleType } from "./rule-type.ts";

/** A rule over columns and features. */
export const threshold = ruleType({
  algorithm: "threshold",
  fields: {
    when: text.describe(
      "Rule over columns and features: temperature > 40 and humidity_mean_10 < 30.",
    ),
    clear_when: text
      .optional()
      .describe("Once anomalous, readings stay so until this is true: temperature < 38."),
  },
  namedInputs: (settings) => [settings.when, settings.clear_when ?? ""].flatMap(namesInRule),
  resolve(settings, { table, path, findings }) {
    const rules = [
      { rule: settings.when, at: [...path, "when"] },
      ...(settings.clear_when === undefined
        ? []
        : [{ rule: settings.clear_when, at: [...path, "clear_when"] }]),
    ];
    const inputs = new Map<string, number>();
    const [when, clearWhen = null] = rules.map(({ rule, at }) => {
      const parsed = parseRule(rule, at, findings);
      for (const { name, at: place } of parsed?.names ?? []) {
        if (!inputs.has(name)) inputs.set(name, table.find(name, at, place));
      }
      return parsed?.root ?? null;
    });
    if (!when || (settings.clear_when !== undefined && clearWhen === null)) return null;
    const inputNames = [...inputs.keys()];
    const until = clearWhen === null ? "" : `, until ${printExpression(clearWhen)}`;
    return {
      config: {
        algorithm: "threshold",
        when: compileExpression(when, inputNames),
        clearWhen: clearWhen === null ? null : compileExpression(clearWhen, inputNames),
        rule: printExpression(when) + until,
      },
      inputs: [...inputs.values()],
      inputNames,
    };
  },
});

/** Null, and a fault at its place, when the text is not a rule. */
function parseRule(rule: string, path: Path, findings: Findings): ParsedExpression | null {
  try {
    const parsed = parseExpression(rule);
    if (parsed.names.length > 0) return parsed;
    findings.fault(path, "has no column or feature", "Name one: temperature > 40");
    return null;
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error;
    findings.fault(path, error.message, error.hint, error.at);
    return null;
  }
}

function namesInRule(rule: string): readonly string[] {
  try {
    return parseExpression(rule).names.map(({ name }) => name);
  } catch (error) {
    if (error instanceof ExpressionFault) return []; // `resolve` reports it
    throw error;
  }
}
