import { ExpressionFault } from "../../../core/expression/expression-fault.ts";
import { type ParsedExpression, parseExpression } from "../../../core/expression/parse.ts";
import type { Path } from "../../document.ts";
import type { Findings } from "../findings.ts";

/** Parses a rule; null, and a fault at its place, when it is none. */
export function parseRule(text: string, path: Path, findings: Findings): ParsedExpression | null {
  try {
    const parsed = parseExpression(text);
    if (parsed.names.length > 0) return parsed;
    findings.fault(path, "looks at no column and no feature", "Name one: temperature > 40");
    return null;
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error;
    findings.fault(path, error.message, error.hint, error.at);
    return null;
  }
}
