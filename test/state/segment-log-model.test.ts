import { appendFile, cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { encodeRecord } from "../../src/state/segment/record.ts";
import { SegmentLog } from "../../src/state/segment-log.ts";
import type { Damage } from "../../src/state/state-error.ts";
import { tempFolder } from "../support/temp-folder.ts";

type Step =
  | { readonly do: "append"; readonly size: number }
  | { readonly do: "flush" | "sync" | "reopen" }
  /** The process dies, perhaps in the middle of writing the next record. */
  | { readonly do: "crash"; readonly torn: number }
  | { readonly do: "drop"; readonly share: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("append"), size: fc.nat(60) }) },
  fc.record({ do: fc.constantFrom("flush", "sync", "reopen") }),
  fc.record({ do: fc.constant("crash"), torn: fc.nat(40) }),
  fc.record({ do: fc.constant("drop"), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
);

/** A log, and the slow and obvious version of it: an array. */
class Trial {
  readonly #root: string;
  readonly #damages: Damage[] = [];
  #folder: string;
  #crashes = 0;
  readonly #appended: { readonly seq: number; readonly payload: string }[] = [];
  #flushed = 0;
  #dropped = 0;

  constructor(root: string) {
    this.#root = root;
    this.#folder = join(root, "0");
  }

  open(): Promise<SegmentLog> {
    const report = (damage: Damage): number => this.#damages.push(damage);
    return SegmentLog.open(this.#folder, { segmentBytes: 150, report });
  }

  /** @returns The log to go on with. */
  async act(log: SegmentLog, next: Step): Promise<SegmentLog> {
    if (next.do === "append") return this.#append(log, next.size);
    if (next.do === "crash") return this.#crash(log, next.torn);
    if (next.do === "drop") {
      const before = Math.floor(next.share * (this.#flushed + 1));
      await log.dropBefore(before);
      this.#dropped = Math.max(this.#dropped, before - 1);
      return log;
    }
    this.#flushed = this.#appended.length;
    if (next.do === "reopen") {
      await log.close();
      return this.open();
    }
    await log[next.do]();
    return log;
  }

  async check(log: SegmentLog): Promise<void> {
    const before = this.#damages.length;
    const seen: { seq: number; payload: string }[] = [];
    for await (const { seq, payload } of log.read()) {
      seen.push({ seq, payload: Buffer.from(payload).toString() });
    }
    expect(this.#damages.slice(before)).toEqual([]);
    // whole segments are dropped: some of what was given up may still be there
    const first = log.firstSeq;
    expect(first).toBeLessThanOrEqual(this.#dropped + 1);
    expect(seen).toEqual(this.#appended.slice(0, this.#flushed).filter(({ seq }) => seq >= first));
    expect(log.nextSeq).toBe(this.#appended.length + 1);
  }

  #append(log: SegmentLog, size: number): SegmentLog {
    const seq = this.#appended.length + 1;
    const payload = `${seq}:`.padEnd(size, "x");
    this.#appended.push({ seq, payload });
    expect(log.append(Buffer.from(payload))).toBe(seq);
    return log;
  }

  async #crash(log: SegmentLog, bytes: number): Promise<SegmentLog> {
    const copy = join(this.#root, `${++this.#crashes}`);
    await cp(this.#folder, copy, { recursive: true });
    await cp(`${this.#folder}.range`, `${copy}.range`);
    await log.close();
    this.#folder = copy;
    this.#appended.length = this.#flushed;
    const torn = encodeRecord(this.#flushed + 1, Buffer.alloc(40)).subarray(0, bytes);
    await appendFile(join(copy, (await readdir(copy)).sort().at(-1) ?? ""), torn);
    const before = this.#damages.length;
    const next = await this.open();
    const lost = this.#damages.slice(before).map((damage) => [damage.records, damage.bytes]);
    expect(lost).toEqual(bytes === 0 ? [] : [[1, bytes]]);
    return next;
  }
}

it("SegmentLog behaves like an array, and loses only unflushed records in a crash", async () => {
  const root = await tempFolder();
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const trial = new Trial(join(root, `${++runs}`));
      let log = await trial.open();
      for (const next of steps) {
        log = await trial.act(log, next);
        await trial.check(log);
      }
      await log.close();
    }),
    { numRuns: 60 },
  );
});
