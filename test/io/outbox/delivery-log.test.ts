import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  DeliveryLog,
  OUTBOX_SEGMENT_BYTES,
  readDeliveryLog,
} from "../../../src/io/outbox/log/delivery-log.ts";
import { type Entry, encodeEntry } from "../../../src/io/outbox/log/entry.ts";
import { SegmentLog } from "../../../src/state/segment-log.ts";
import type { Damage } from "../../../src/state/state-error.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { message } from "./support.ts";

const openLog = async (
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

/** Adds messages and finishes them. */
function pass(log: DeliveryLog, from: number, count: number): void {
  for (let i = from; i < from + count; i++) {
    for (const one of log.add(message(`${i}`, { size: 50 }), ["a"], i)) log.finish(one);
  }
}

describe("DeliveryLog", () => {
  it("drops unwritten records above the limit, and writes their facts later", async () => {
    const folder = await tempFolder();
    const log = await openLog(folder);
    log.add(message("kept"), ["a"], 1);
    await log.sync();
    const size = 1024 * 1024;
    const [first] = log.add(message("0", { size }), ["a", "b"], 2);
    for (let i = 1; i < 10; i++) log.add(message(`${i}`, { size }), ["a"], 2);
    if (first === undefined) throw new Error("Nothing was added");
    log.finish(first);
    await log.limitUnwritten();
    await log.flush();
    expect(log.bytes).toBeLessThan(size);
    await log.sync();
    await log.close();
    const again = await openLog(folder);
    await again.close();
    const ids = [...again.state.pending].map(({ message: { id }, sink }) => `${id} ${sink}`);
    expect(ids).toEqual(["kept a", "0 b", ...Array.from({ length: 9 }, (_, i) => `${i + 1} a`)]);
    expect(again.state.hasSeen("0", "a")).toBe(true);
  });

  it("remembers the last 100,000 ids across compaction and restarts", async () => {
    const folder = await tempFolder();
    let log = await openLog(folder);
    const [old] = log.add(message("old", { size: 1000 }), ["a", "b"], 1);
    const [letter] = log.add(message("letter", { episode: "l" }), ["a"], 2);
    if (old === undefined || letter === undefined) throw new Error("Nothing was added");
    log.finish(old);
    log.deadLetter(letter, "no", 3, 7);
    log.switchSink("b", "gone");
    const total = 110_000;
    for (let done = 0; done < total; done += 10_000) {
      pass(log, done, 10_000);
      await log.sync();
      await log.compact();
      if (done % 40_000 === 0) {
        await log.close();
        log = await openLog(folder);
      }
    }
    await log.sync();
    await log.compact();
    expect(log.bytes).toBeLessThan(2 * log.state.liveBytes + 3 * OUTBOX_SEGMENT_BYTES);
    await log.close();
    const again = await openLog(folder);
    await again.close();
    const { state } = again;
    const last = Array.from({ length: 100_000 }, (_, i) => `${total - 1 - i}`);
    expect(last.filter((id) => !state.hasSeen(id, "a"))).toEqual([]);
    expect(state.hasSeen("0", "a")).toBe(false);
    // an unfinished message is never forgotten
    expect([...state.pending].map(({ sink, message: { id, n } }) => [sink, id, n])).toEqual([
      ["b", "old", 1],
    ]);
    expect([...state.dead]).toMatchObject([{ sink: "a", attempts: 7, dead: { reason: "no" } }]);
    expect([...state.off]).toEqual([["b", "gone"]]);
  });

  it("keeps the order of arrival when old messages are rewritten", async () => {
    const folder = await tempFolder();
    const log = await openLog(folder, [], 50_000);
    const first = log.add(message("first"), ["a"], 0);
    pass(log, 0, 6000);
    log.add(message("second"), ["a"], 0);
    pass(log, 6000, 6000);
    await log.sync();
    await log.compact();
    expect(first[0]?.message.seq).toBeGreaterThan(100);
    await log.close();
    const again = await openLog(folder);
    await again.close();
    const { state } = again;
    expect([...state.pending].map(({ message: { id } }) => id)).toEqual(["first", "second"]);
  });

  it("reads a rewritten message once while its old segment still exists", async () => {
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
    // all records, and without those that the copy replaces
    for (const from of [0, 1, 2, 3]) {
      const records = entries.slice(from).map((one, i) => ({ seq: i, payload: encodeEntry(one) }));
      const { pending, pendingBytes, nextNumber } = await readDeliveryLog(asAsync(records));
      expect([...pending]).toMatchObject([{ sink: "a", attempts: 2, dueAt: 9 }]);
      expect(pendingBytes).toBe([...pending][0]?.message.bytes);
      expect(nextNumber).toBe(from < 3 ? 3 : 2);
    }
  });

  it("loses at most one record, with a report, when any byte is damaged", async () => {
    const folder = await tempFolder();
    const log = await openLog(folder);
    const ids = ["1", "2", "3"];
    const added = ids.flatMap((id) => log.add(message(id, { episode: id }), ["a"], 0));
    for (const one of added.slice(0, 1)) log.finish(one);
    await log.close();
    const file = join(folder, (await readdir(folder))[0] ?? "");
    const whole = await readFile(file);
    for (let at = 0; at < whole.length; at++) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] as number) ^ 0x10;
      await writeFile(file, flipped);
      const damages: Damage[] = [];
      const damaged = await openLog(folder, damages);
      await damaged.close();
      expect(damages, `byte ${at}`).toMatchObject([{ records: 1 }]);
      const { messages } = damaged.state;
      // either a message is lost, or the finish of the first one
      const left = [...messages.keys()].filter((id) => id !== "1").length;
      expect([left, messages.has("1")], `byte ${at}`).toEqual(
        left === 2 ? [2, expect.any(Boolean)] : [1, false],
      );
      await rm(file);
    }
  });
});
