import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  DeliveryLog,
  OUTBOX_SEGMENT_BYTES,
  readDeliveryLog,
} from "../../../src/io/outbox/log/delivery-log.ts";
import { type Entry, encodeEntry } from "../../../src/io/outbox/log/entry.ts";
import type { Damage } from "../../../src/state/damage.ts";
import { SegmentLog } from "../../../src/state/segment-log.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { message } from "./support.ts";

const openLedger = async (
  folder: string,
  damages: Damage[] = [],
  segmentBytes = OUTBOX_SEGMENT_BYTES,
): Promise<DeliveryLog> => {
  const report = (damage: Damage): number => damages.push(damage);
  return DeliveryLog.open(await SegmentLog.open(folder, { segmentBytes, report }));
};

async function* asAsync<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** Messages that come and are delivered. */
function pass(ledger: DeliveryLog, from: number, count: number): void {
  for (let i = from; i < from + count; i++) {
    for (const one of ledger.add(message(`${i}`, { size: 50 }), ["a"], i)) ledger.finish(one);
  }
}

describe("Ledger", () => {
  it("gives up records when too many wait to be written, and tells all of them again later", async () => {
    const folder = await tempFolder();
    const ledger = await openLedger(folder);
    ledger.add(message("kept"), ["a"], 1);
    await ledger.sync();
    const size = 1024 * 1024;
    const [first] = ledger.add(message("0", { size }), ["a", "b"], 2);
    for (let i = 1; i < 10; i++) ledger.add(message(`${i}`, { size }), ["a"], 2);
    if (first === undefined) throw new Error("Nothing was added");
    ledger.finish(first);
    await ledger.limitUnwritten();
    await ledger.flush();
    expect(ledger.bytes).toBeLessThan(size);
    await ledger.sync();
    await ledger.close();
    const again = await openLedger(folder);
    await again.close();
    const ids = [...again.state.pending].map(({ message: { id }, sink }) => `${id} ${sink}`);
    expect(ids).toEqual(["kept a", "0 b", ...Array.from({ length: 9 }, (_, i) => `${i + 1} a`)]);
    expect(again.state.knows("0", "a")).toBe(true);
  });

  it("remembers the last 100,000 ids, also over compaction and restarts", async () => {
    const folder = await tempFolder();
    let ledger = await openLedger(folder);
    const [old] = ledger.add(message("old", { size: 1000 }), ["a", "b"], 1);
    const [letter] = ledger.add(message("letter", { episode: "l" }), ["a"], 2);
    if (old === undefined || letter === undefined) throw new Error("Nothing was added");
    ledger.finish(old);
    ledger.deadLetter(letter, "no", 3, 7);
    ledger.switchSink("b", "gone");
    const total = 120_000;
    for (let done = 0; done < total; done += 5000) {
      pass(ledger, done, 5000);
      await ledger.sync();
      await ledger.compact();
      if (done % 40_000 === 0) {
        await ledger.close();
        ledger = await openLedger(folder);
      }
    }
    await ledger.sync();
    await ledger.compact();
    expect(ledger.bytes).toBeLessThan(2 * ledger.state.liveBytes + 3 * OUTBOX_SEGMENT_BYTES);
    await ledger.close();
    const again = await openLedger(folder);
    await again.close();
    const { state } = again;
    const last = Array.from({ length: 100_000 }, (_, i) => `${total - 1 - i}`);
    expect(last.filter((id) => !state.knows(id, "a"))).toEqual([]);
    expect(state.knows("0", "a")).toBe(false);
    // what is not finished is never forgotten
    expect([...state.pending].map(({ sink, message: { id, n } }) => [sink, id, n])).toEqual([
      ["b", "old", 1],
    ]);
    expect([...state.dead]).toMatchObject([{ sink: "a", attempts: 7, dead: { reason: "no" } }]);
    expect([...state.off]).toEqual([["b", "gone"]]);
  }, 120_000);

  it("keeps messages in the order in which they came when old ones are carried over", async () => {
    const folder = await tempFolder();
    const ledger = await openLedger(folder, [], 50_000);
    const first = ledger.add(message("first"), ["a"], 0);
    pass(ledger, 0, 6000);
    ledger.add(message("second"), ["a"], 0);
    pass(ledger, 6000, 6000);
    await ledger.sync();
    await ledger.compact();
    expect(first[0]?.message.seq).toBeGreaterThan(100);
    await ledger.close();
    const again = await openLedger(folder);
    await again.close();
    const { state } = again;
    expect([...state.pending].map(({ message: { id } }) => id)).toEqual(["first", "second"]);
  });

  it("takes a message that was carried over, but whose segment is still there, once", async () => {
    const target = { sink: "a", since: 0, attempts: 0, dueAt: 0, lastReason: "", dead: null };
    const entry = {
      type: "message",
      n: 1,
      id: "1",
      episode: "e",
      severity: "info",
      json: "{}",
    } as const;
    const failed = {
      type: "failed",
      id: "1",
      sink: "a",
      attempts: 1,
      dueAt: 5,
      reason: "busy",
    } as const;
    const entries: Entry[] = [
      { ...entry, to: [target, { ...target, sink: "b" }] },
      failed,
      { type: "finished", done: [[2, "b", "1"]] },
      { ...entry, to: [{ ...target, attempts: 1, dueAt: 5, lastReason: "busy" }] },
      { ...failed, attempts: 2, dueAt: 9 },
    ];
    // whole, and without what the copy stands for
    for (const from of [0, 1, 2, 3]) {
      const records = entries.slice(from).map((one, i) => ({ seq: i, payload: encodeEntry(one) }));
      const { pending, pendingBytes, nextNumber } = await readDeliveryLog(asAsync(records));
      expect([...pending]).toMatchObject([{ sink: "a", attempts: 2, dueAt: 9 }]);
      expect(pendingBytes).toBe([...pending][0]?.message.bytes);
      expect(nextNumber).toBe(from < 3 ? 3 : 2);
    }
  });

  it("cut or damaged at any byte, loses at most one record, and says so", async () => {
    const folder = await tempFolder();
    const ledger = await openLedger(folder);
    const ids = ["1", "2", "3"];
    const added = ids.flatMap((id) => ledger.add(message(id, { episode: id }), ["a"], 0));
    for (const one of added.slice(0, 1)) ledger.finish(one);
    await ledger.close();
    const file = join(folder, (await readdir(folder))[0] ?? "");
    const whole = await readFile(file);
    for (let at = 0; at < whole.length; at++) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] as number) ^ 0x10;
      await writeFile(file, flipped);
      const damages: Damage[] = [];
      const damaged = await openLedger(folder, damages);
      await damaged.close();
      expect(damages, `byte ${at}`).toMatchObject([{ records: 1 }]);
      const { messages } = damaged.state;
      // either a message is lost, or that the first was delivered
      const left = [...messages.keys()].filter((id) => id !== "1").length;
      expect([left, messages.has("1")], `byte ${at}`).toEqual(
        left === 2 ? [2, expect.any(Boolean)] : [1, false],
      );
      await rm(file);
    }
  });
});
