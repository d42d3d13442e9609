import { describe, expect, it } from "vitest";
import { RecentMessages } from "../../../../src/io/sources/mqtt/recent-messages.ts";

const MINUTE = 60_000;

const message = (id: number, text = "21.5", isAgain = false) => ({
  ...{ id, isAgain, topic: "a" },
  payload: Buffer.from(text),
});
const again = (id: number, text?: string) => message(id, text, true);

describe("RecentMessages", () => {
  it("recognises a repeated message by packet id, topic and payload, also after a restart", () => {
    const before = new RecentMessages(3, null, 0);
    for (const id of [1, 2, 3, 4]) before.take(message(id), 0);
    const after = new RecentMessages(3, { line: 4, recent: before.position }, 0);
    expect(after.take(again(4), 0).isNew).toBe(false);
    expect(after.take(again(4), 0).taken.isKept).toBe(true);
    expect(after.take(again(3, "21.6"), 0).isNew).toBe(true);
    expect(after.take(again(9), 0).isNew).toBe(true);
  });

  it("takes an equal message that is not repeated", () => {
    const recent = new RecentMessages(3, null, 0);
    recent.take(message(1), 0);
    expect(recent.take(message(1), 0).isNew).toBe(true);
    expect(recent.position.split(" ")).toHaveLength(1);
  });

  it("forgets messages of more than a minute ago, but not the last ones", () => {
    const recent = new RecentMessages(3, null, 0);
    for (const id of [1, 2, 3, 4, 5]) recent.take(message(id), id);
    expect(recent.position.split(" ")).toHaveLength(5);
    recent.take(message(6), MINUTE + 2);
    expect(recent.take(again(2), MINUTE + 2).isNew).toBe(true);
    const later = new RecentMessages(3, null, 0);
    for (const id of [1, 2, 3, 4, 5]) later.take(message(id), 2 * id * MINUTE);
    expect(later.position.split(" ")).toHaveLength(3);
  });

  it("keeps a thousand messages at most", () => {
    const recent = new RecentMessages(20, null, 0);
    for (let id = 1; id <= 1500; id++) recent.take(message(id), 0);
    expect(recent.position.split(" ")).toHaveLength(1000);
    expect(recent.take(again(501), 0).isNew).toBe(false);
    expect(recent.take(again(500), 0).isNew).toBe(true);
  });
});
