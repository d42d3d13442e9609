import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { slackMessage } from "../../../../src/io/sinks/slack/slack-message.ts";
import { bodyOf } from "../../../support/messages.ts";

describe("slackMessage", () => {
  it("states severity, sensor, reasons and start", () => {
    expect(slackMessage(bodyOf({ suppressed: 2 }))).toEqual({
      text: "*Critical* · pump-1",
      attachments: [
        {
          color: "#d0342c",
          blocks: [
            {
              type: "section",
              text: {
                type: "mrkdwn",
                text: "pump-1: value 2.08 low (usually 71.3..98, typical 84.1), 1 in 4300 readings.",
              },
            },
            {
              type: "context",
              elements: [
                {
                  type: "mrkdwn",
                  text:
                    "pumps / anomaly · since 2024-05-01T12:00:00.000Z · 2 suppressed before · " +
                    "team: facilities",
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it.each([
    [{ status: "escalated", previous_severity: "warning" }, "*Critical, was warning* · pump-1"],
    [{ status: "repeated" }, "*Still critical* · pump-1"],
    [
      { status: "resolved", resolved_at: "2024-05-01T14:00:00.000Z" },
      "*Resolved (critical)* · pump-1",
    ],
  ] as const)("says what became of an episode: %o", (changes, title) => {
    expect(slackMessage(bodyOf(changes)).text).toBe(title);
  });

  it("states how long it lasted, in green", () => {
    const body = bodyOf({ status: "resolved", resolved_at: "2024-05-01T14:30:00.000Z" });
    const text = JSON.stringify(slackMessage(body));
    expect(text).toContain("lasted 2h 30m");
    expect(text).toContain('"color":"#2f9e5b"');
  });

  it("never mentions anyone, and stays within the limits of Slack", () => {
    const odd = fc.string({
      unit: fc.constantFrom("&", "<", ">", "!", "a", "\u{1F4A7}"),
      maxLength: 9000,
    });
    fc.assert(
      fc.property(odd, odd, (sensor, summary) => {
        const explanation = { ...bodyOf().explanation, summary };
        const labels = Object.fromEntries(
          Array.from({ length: 20 }, (_, i) => [`l${i}`, "<&>".repeat(33)]),
        );
        const { text, attachments } = slackMessage(
          bodyOf({ sensor_id: sensor, explanation, labels }),
        );
        const blocks = JSON.parse(JSON.stringify(attachments[0].blocks)) as {
          text?: { text: string };
          elements?: { text: string }[];
        }[];
        const texts = blocks.flatMap((b) =>
          [b.text?.text ?? [], b.elements?.map((e) => e.text) ?? []].flat(),
        );
        for (const part of [text, ...texts]) {
          expect(part.length).toBeLessThanOrEqual(3000);
          expect(part).not.toMatch(/[<>]/);
          expect(part.replace(/&(amp|lt|gt);/g, "")).not.toContain("&");
        }
      }),
      { numRuns: 50 },
    );
  });
});
