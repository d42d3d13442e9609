import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { changeDeadLetters, listDeadLetters } from "../../../src/io/outbox/dead-letters.ts";
import { Outbox } from "../../../src/io/outbox/outbox.ts";
import type { OutboxOptions, OutboxSink } from "../../../src/io/outbox/outbox-options.ts";
import type { Outcome } from "../../../src/io/sinks/sink.ts";
import { StateDirectory } from "../../../src/state/state-directory.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { HandClock, message, Receiver } from "./support.ts";

const RETRY: Outcome = { kind: "retry", reason: "answered 503" };

/** An outbox in a folder, its reports, and how to close it. */
interface Opened {
  readonly outbox: Outbox;
  readonly said: string[];
  close(): Promise<void>;
}

async function open(
  path: string,
  clock: HandClock,
  sinks: readonly OutboxSink[],
  options: Partial<OutboxOptions> = {},
): Promise<Opened> {
  const said: string[] = [];
  const state = await StateDirectory.open(path, ({ message }) => said.push(message));
  const report = (line: string): number => said.push(line);
  const outbox = await Outbox.open({ state, sinks, clock, report, ...options });
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await outbox.close();
    await state.close();
  };
  onTestFinished(close);
  return { outbox, said, close };
}

async function place(): Promise<string> {
  return join(await tempFolder(), "state");
}

const reasons = async (path: string): Promise<string[]> => {
  const { letters } = await listDeadLetters(path, () => {});
  return letters.map(({ sink, body, reason }) => `${sink} ${body.id}: ${reason}`);
};

describe("Outbox", () => {
  it("delivers a message once to every sink that accepts it, and drops repetitions", async () => {
    const clock = new HandClock();
    const [a, b] = [new Receiver(clock), new Receiver(clock)];
    const sinks = [
      a.sink("a"),
      b.sink("b", { accepts: ({ severity }) => severity === "critical" }),
    ];
    const path = await place();
    const { outbox, close } = await open(path, clock, sinks);
    await outbox.enqueue(message("1"));
    await outbox.enqueue(message("2", { severity: "critical" }));
    await outbox.enqueue(message("1"));
    expect(await outbox.drain(AbortSignal.timeout(60_000))).toBe(true);
    expect([a.delivered, b.delivered]).toEqual([["1", "2"], ["2"]]);
    await close();
    expect([a.closed, b.closed]).toEqual([1, 1]);
    const again = await open(path, clock, sinks);
    for (const id of ["1", "2", "3"]) await again.outbox.enqueue(message(id));
    await clock.pass(0);
    expect([a.delivered, b.delivered]).toEqual([["1", "2", "3"], ["2"]]);
  });

  it("has a message on disk before the first attempt", async () => {
    const clock = new HandClock();
    const path = await place();
    const log = join(path, "outbox");
    const missing: string[] = [];
    const receiver = new Receiver(clock, (id) => {
      const written = readdirSync(log).map((name) => readFileSync(join(log, name), "latin1"));
      if (!written.join("").includes(`"id":"${id}"`)) missing.push(id);
      return { kind: "delivered" };
    });
    const { outbox } = await open(path, clock, [receiver.sink("hook")]);
    const safe: Promise<void>[] = [];
    // new messages arrive while others are written
    for (let i = 0; i < 200; i++) {
      safe.push(outbox.enqueue(message(`${i}`, { episode: `${i}` })));
      if (i % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(safe);
    expect(await outbox.drain(AbortSignal.timeout(60_000))).toBe(true);
    expect(receiver.delivered).toHaveLength(200);
    expect(missing).toEqual([]);
  });

  it("retries by the schedule with jitter, and stops at the age limit", async () => {
    const clock = new HandClock();
    const dead = new Receiver(clock, () => RETRY);
    const path = await place();
    const breaker = { failures: 100, openMs: 1, maxOpenMs: 1 };
    const { outbox, close } = await open(path, clock, [dead.sink("hook", { breaker })]);
    await outbox.enqueue(message("1"));
    await clock.pass(700_000);
    // half of 1 s and of 10 s, then of 60 s each, and one attempt at the limit
    const later = Array.from({ length: 19 }, (_, i) => 5500 + 30_000 * (i + 1));
    const times = [0, 500, 5500, ...later, 600_000];
    expect(dead.attempts.map(({ at }) => at)).toEqual(times);
    expect(outbox.stats().get("hook")).toMatchObject({ pending: 0, dead: 1, retried: 23 });
    await close();
    expect(await reasons(path)).toEqual(["hook 1: not delivered within 10m: answered 503"]);
  });

  it("waits as long as the receiver asks, up to the age limit", async () => {
    const clock = new HandClock();
    const answers = [90_000, 10, 1e9].map((retryAfterMs): Outcome => ({ ...RETRY, retryAfterMs }));
    const receiver = new Receiver(clock, (_, n) => answers[n] ?? { kind: "delivered" });
    const { outbox } = await open(await place(), clock, [receiver.sink("hook")]);
    await outbox.enqueue(message("1"));
    await clock.pass(700_000);
    expect(receiver.attempts.map(({ at }) => at)).toEqual([0, 90_000, 95_000, 600_000]);
    expect(outbox.stats().get("hook")).toMatchObject({ delivered: 1, pending: 0, dead: 0 });
  });

  it("keeps the order of an episode without delaying other episodes or sinks", async () => {
    const clock = new HandClock();
    const slow = new Receiver(clock, (id, n) =>
      id === "a1" && n < 3 ? RETRY : { kind: "delivered" },
    );
    const quick = new Receiver(clock);
    const { outbox } = await open(await place(), clock, [slow.sink("slow"), quick.sink("quick")]);
    for (const id of ["a1", "b1", "a2", "b2"]) {
      await outbox.enqueue(message(id, { episode: id.slice(0, 1) }));
    }
    await clock.pass(100);
    expect(quick.delivered).toEqual(["a1", "b1", "a2", "b2"]);
    expect(slow.delivered).toEqual(["b1", "b2"]);
    await clock.pass(100_000);
    expect(slow.delivered).toEqual(["b1", "b2", "a1", "a2"]);
  });

  it("limits concurrent attempts, and ends those that hang", async () => {
    const clock = new HandClock();
    const hangs = new Receiver(clock, () => new Promise(() => {}));
    const { outbox } = await open(await place(), clock, [hangs.sink("hook")]);
    for (let i = 0; i < 6; i++) await outbox.enqueue(message(`${i}`, { episode: `${i}` }));
    await clock.pass(14_999);
    expect(hangs.attempts.map(({ id }) => id)).toEqual(["0", "1", "2", "3"]);
    hangs.answer = () => ({ kind: "delivered" });
    await clock.pass(20_000);
    expect(hangs.delivered.sort()).toEqual(["0", "1", "2", "3", "4", "5"]);
    expect(outbox.stats().get("hook")).toMatchObject({ retried: 4, delivered: 6 });
  });

  it("sends only occasional probes to a failing receiver", async () => {
    const clock = new HandClock();
    clock.luck = 0;
    const receiver = new Receiver(clock, () => RETRY);
    const hook = receiver.sink("hook", { retry: { scheduleMs: [0], maxAgeMs: 3_600_000 } });
    const { outbox } = await open(await place(), clock, [hook], { parallel: 1 });
    for (let i = 0; i < 9; i++) await outbox.enqueue(message(`${i}`, { episode: `${i}` }));
    await clock.pass(1_100_000);
    const probes = receiver.attempts.slice(5).map(({ at }) => at);
    expect(receiver.attempts.slice(0, 5).map(({ at }) => at)).toEqual([0, 0, 0, 0, 0]);
    expect(probes).toEqual([30_000, 90_000, 210_000, 450_000, 750_000, 1_050_000]);
    receiver.answer = () => ({ kind: "delivered" });
    await clock.pass(300_000);
    expect(receiver.delivered).toHaveLength(9);
  });

  it("ends messages that are too old while the circuit is open", async () => {
    const clock = new HandClock();
    const receiver = new Receiver(clock, () => RETRY);
    const path = await place();
    const { outbox, close } = await open(path, clock, [receiver.sink("hook")]);
    for (let i = 0; i < 50; i++) await outbox.enqueue(message(`${i}`, { episode: `${i}` }));
    await clock.pass(1_000_000);
    expect(outbox.stats().get("hook")).toMatchObject({ pending: 0, dead: 50 });
    expect(receiver.attempts.length).toBeLessThan(15);
    await close();
    expect(await reasons(path)).toContain(
      "hook 49: not delivered within 10m: the receiver was not reached",
    );
  });

  it("ends a message at its deadline, while the circuit is open and after a long stop", async () => {
    const clock = new HandClock();
    const receiver = new Receiver(clock, () => RETRY);
    const breaker = { failures: 1, openMs: 3_600_000, maxOpenMs: 3_600_000 };
    const hook = receiver.sink("hook", { breaker });
    const path = await place();
    const first = await open(path, clock, [hook], { parallel: 1 });
    for (const id of ["1", "2"]) await first.outbox.enqueue(message(id, { episode: id }));
    await clock.pass(599_999);
    expect(first.outbox.stats().get("hook")).toMatchObject({
      pending: 2,
      dead: 0,
      oldestPendingAgeMs: 599_999,
    });
    await clock.pass(1);
    expect(first.outbox.stats().get("hook")).toMatchObject({
      pending: 0,
      dead: 2,
      oldestPendingAgeMs: 0,
    });
    await first.outbox.enqueue(message("3"));
    await first.close();
    await clock.pass(700_000);
    const second = await open(path, clock, [hook]);
    expect(second.outbox.stats().get("hook")).toMatchObject({ pending: 0, dead: 3 });
    expect(receiver.attempts).toHaveLength(1);
  });

  it("makes a rejected message a dead letter at once, and continues its episode", async () => {
    const clock = new HandClock();
    const receiver = new Receiver(clock, (id) =>
      id === "1" ? { kind: "rejected", reason: "answered 400" } : { kind: "delivered" },
    );
    const path = await place();
    const { outbox, close } = await open(path, clock, [receiver.sink("hook")]);
    await outbox.enqueue(message("1"));
    await outbox.enqueue(message("2"));
    await clock.pass(0);
    expect(receiver.attempts.map(({ id }) => id)).toEqual(["1", "2"]);
    await outbox.enqueue(message("1")); // is known, though dead
    await clock.pass(1000);
    await close();
    expect(await reasons(path)).toEqual(["hook 1: answered 400"]);
  });

  it("switches off a sink that is gone, even after a restart, until a dead letter is redriven", async () => {
    const clock = new HandClock();
    const gone = new Receiver(clock, () => ({ kind: "gone", reason: "answered 410" }));
    const path = await place();
    const first = await open(path, clock, [gone.sink("hook")], { parallel: 1 });
    await Promise.all(["1", "2"].map((id) => first.outbox.enqueue(message(id, { episode: id }))));
    await clock.pass(0);
    expect(first.said).toEqual(["the sink hook is switched off: answered 410"]);
    await first.close();
    const second = await open(path, clock, [gone.sink("hook")]);
    await second.outbox.enqueue(message("3"));
    await clock.pass(100_000);
    expect(second.outbox.stats().get("hook")).toMatchObject({ disabled: "answered 410", dead: 3 });
    await second.close();
    expect(gone.attempts).toHaveLength(1);
    expect(await reasons(path)).toEqual([
      "hook 1: answered 410",
      "hook 2: the sink is switched off: answered 410",
      "hook 3: the sink is switched off: answered 410",
    ]);
    await changeDeadLetters(
      path,
      "redrive",
      ({ body }) => body.id !== "2",
      () => {},
    );
    gone.answer = () => ({ kind: "delivered" });
    const third = await open(path, clock, [gone.sink("hook")]);
    await clock.pass(1e13); // redriving took the time of the clock on the wall
    expect(gone.delivered).toEqual(["1", "3"]);
    expect(third.outbox.stats().get("hook")).toMatchObject({ disabled: null, dead: 1, pending: 0 });
    await third.close();
    await changeDeadLetters(
      path,
      "purge",
      () => true,
      () => {},
    );
    expect(await reasons(path)).toEqual([]);
  });

  it("makes the least severe and oldest messages dead letters when the queue is full", async () => {
    const clock = new HandClock();
    const receiver = new Receiver(clock, () => new Promise(() => {}));
    const path = await place();
    const limits = { queueBytes: 5200, deadBytes: 2600, parallel: 1 };
    const { outbox, said, close } = await open(path, clock, [receiver.sink("hook")], limits);
    const severities = [
      "warning",
      "info",
      "warning",
      "info",
      "critical",
      "critical",
      "info",
    ] as const;
    for (const [i, severity] of severities.entries()) {
      await outbox.enqueue(message(`${i}`, { severity, size: 800 }));
    }
    // the first is in progress; four pending messages and two dead letters fit
    expect(outbox.stats().get("hook")).toMatchObject({ pending: 4, dead: 2, dropped: 1 });
    expect(said).toEqual([
      "the queue is full: its oldest messages become dead letters",
      "the dead letters exceed their limit: the oldest are dropped",
    ]);
    await outbox.enqueue(message("1")); // dropped, but remembered
    expect(outbox.stats().get("hook")).toMatchObject({ pending: 4, dead: 2 });
    await close();
    expect(said.slice(2)).toEqual([
      "the queue is still full: 3 messages became dead letters; dead letters dropped, as they exceeded their limit: 1",
    ]);
    expect(await reasons(path)).toEqual(["hook 3: queue full", "hook 6: queue full"]);
    expect((await listDeadLetters(path, () => {})).dropped).toEqual(new Map([["hook", 1]]));
  });

  it("reports once that the queue is full, and once that it has room again", async () => {
    const clock = new HandClock();
    const receiver = new Receiver(clock, () => RETRY);
    const hook = receiver.sink("hook", { breaker: { failures: 1, openMs: 1000, maxOpenMs: 1000 } });
    const limits = { queueBytes: 20_000 };
    const { outbox, said } = await open(await place(), clock, [hook], limits);
    for (let i = 0; i < 100; i++) {
      await outbox.enqueue(message(`${i}`, { episode: `${i}`, size: 800 }));
    }
    const full = "the queue is full: its oldest messages become dead letters";
    const paused = "the sink hook keeps failing, so attempts pause: answered 503";
    expect(said).toEqual([paused, full]);
    receiver.answer = () => ({ kind: "delivered" });
    await clock.pass(100_000);
    const { dead } = outbox.stats().get("hook") ?? {};
    expect(receiver.delivered).toHaveLength(100 - (dead ?? 0));
    expect(said.slice(2)).toEqual([
      "the sink hook works again",
      `the queue has room again: ${dead} messages became dead letters`,
    ]);
  });

  it("redrives the oldest dead letters that fit into the queue, after it reports their number", async () => {
    const clock = new HandClock();
    const receiver = new Receiver(clock, () => ({ kind: "rejected", reason: "no" }));
    const path = await place();
    const sinks = [receiver.sink("hook")];
    const { outbox, close } = await open(path, clock, sinks, { deadBytes: 1e9 });
    const ids = Array.from({ length: 10 }, (_, i) => `${i}`);
    for (const id of ids) await outbox.enqueue(message(id, { size: 1024 * 1024 }));
    await clock.pass(0);
    await close();
    const said: string[] = [];
    const redriven = await changeDeadLetters(
      path,
      "redrive",
      () => true,
      ({ message }) => said.push(message),
      (partial) => said.push(JSON.stringify(partial)),
    );
    expect(said).toEqual(['{"chosen":10,"fitting":7}']);
    expect(redriven.map(({ body }) => body.id)).toEqual(ids.slice(0, 7));
    const { letters } = await listDeadLetters(path, () => {});
    expect(letters.map(({ body }) => body.id)).toEqual(ids.slice(7));
  });

  it("makes messages for a sink that no longer exists dead letters", async () => {
    const clock = new HandClock();
    const receiver = new Receiver(clock, () => RETRY);
    const path = await place();
    const first = await open(path, clock, [receiver.sink("old")]);
    await first.outbox.enqueue(message("1"));
    await first.close();
    const second = await open(path, clock, [receiver.sink("new")]);
    expect(await second.outbox.drain(AbortSignal.timeout(60_000))).toBe(true);
    await second.close();
    expect(await reasons(path)).toEqual(["old 1: the pipeline has no sink of this name any more"]);
  });

  it("survives a sink that throws, without its error text", async () => {
    const clock = new HandClock();
    const receiver = new Receiver(clock, (_, n) => {
      if (n === 0) throw new TypeError("secret");
      return { kind: "delivered" };
    });
    const { outbox } = await open(await place(), clock, [receiver.sink("hook")]);
    await outbox.enqueue(message("1"));
    await clock.pass(1000);
    expect(receiver.delivered).toEqual(["1"]);
  });

  it("leaves pending messages on disk when it closes during an attempt", async () => {
    const clock = new HandClock();
    const hangs = new Receiver(clock, () => new Promise(() => {}));
    const path = await place();
    const first = await open(path, clock, [hangs.sink("hook")]);
    await first.outbox.enqueue(message("1"));
    await clock.pass(0);
    expect(await first.outbox.drain(AbortSignal.abort())).toBe(false);
    await first.close();
    hangs.answer = () => ({ kind: "delivered" });
    const second = await open(path, clock, [hangs.sink("hook")]);
    await clock.pass(0);
    expect(hangs.delivered).toEqual(["1"]);
    expect(second.outbox.stats().get("hook")).toMatchObject({ retried: 0, pending: 0 });
  });
});
