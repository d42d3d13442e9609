import { describe, expect, it } from "vitest";
import { RecentMessages } from "../../../../src/io/sources/mqtt/recent-messages.ts";

const message = (id: number, text = "21.5", isAgain = false) => ({
  ...{ id, isAgain, topic: "a" },
  payload: Buffer.from(text),
});
const again = (id: number, text?: string) => message(id, text, true);

describe("RecentMessages", () => {
  it("recognises a repeated message by packet id, topic and payload, also after a restart", () => {
    const before = new RecentMessages(3, null);
    for (const id of [1, 2, 3, 4]) before.take(message(id));
    const after = new RecentMessages(3, { line: 4, recent: before.position });
    expect(after.take(again(4)).isNew).toBe(false);
    expect(after.take(again(4)).taken.isKept).toBe(true);
    expect(after.take(again(3, "21.6")).isNew).toBe(true);
    expect(after.take(again(1)).isNew).toBe(true); // no longer one of the last three
  });

  it("takes an equal message that is not repeated", () => {
    const recent = new RecentMessages(3, null);
    recent.take(message(1));
    expect(recent.take(message(1)).isNew).toBe(true);
    expect(recent.position.split(" ")).toHaveLength(1);
  });
});
