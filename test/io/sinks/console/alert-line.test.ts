import { describe, expect, it } from "vitest";
import { alertLine } from "../../../../src/io/sinks/console/alert-line.ts";
import { bodyOf } from "../../../support/messages.ts";
import { sinkContext } from "../../../support/sink-setups.ts";

const { painter } = sinkContext();
const line = (changes: Parameters<typeof bodyOf>[0] = {}): string =>
  alertLine(bodyOf(changes), painter);
const why = "value 2.08 low (usually 71.3..98, typical 84.1), 1 in 4300 readings.";

describe("alertLine", () => {
  it.each([
    [{}, `2024-05-01 12:05:00 critical pump-1 anomaly: ${why}`],
    [
      { severity: "info", suppressed: 3 },
      `2024-05-01 12:05:00 info     pump-1 anomaly: ${why} (3 suppressed before)`,
    ],
    [
      { status: "escalated", previous_severity: "warning" },
      `2024-05-01 12:05:00 critical pump-1 anomaly: was warning; ${why}`,
    ],
    [
      { status: "resolved", resolved_at: "2024-05-01T12:35:00.000Z" },
      `2024-05-01 12:05:00 resolved pump-1 anomaly: lasted 35m; ${why}`,
    ],
  ] as const)("says in one line what happened: %o", (changes, text) => {
    expect(line(changes)).toBe(text);
  });

  it("colours only severity and time", () => {
    const marked = alertLine(bodyOf(), {
      severity: (severity, text) => `<${severity}>${text}</>`,
      resolved: (text) => text,
      faint: (text) => `(${text})`,
    });
    expect(marked).toBe(`(2024-05-01 12:05:00) <critical>critical</> pump-1 anomaly: ${why}`);
  });

  it("is one line without control characters, for any name of the sensor", () => {
    const text = line({ sensor_id: "pump\n\u001b[2J1", detector: "a\rb" });
    expect(text).not.toMatch(/\p{Cc}/u);
  });
});
