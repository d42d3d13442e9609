import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Clock, systemClock } from "../../../src/io/outbox/clock.ts";
import { listDeadLetters } from "../../../src/io/outbox/dead-letters.ts";
import { Outbox } from "../../../src/io/outbox/outbox.ts";
import type { OutboxSink } from "../../../src/io/outbox/outbox-options.ts";
import type { Sink } from "../../../src/io/sinks/sink.ts";
import { StateDirectory } from "../../../src/state/state-directory.ts";
import { type Arrived, type Behaviour, ChaosReceiver } from "../../support/chaos-receiver.ts";
import { messageOf } from "../../support/messages.ts";
import { Random } from "../../support/random.ts";
import { openSink, sinkContext } from "../../support/sink-setups.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const EPISODES = 8;
/** Longer than any answer takes on a busy machine. */
const TIMEOUT_MS = 600_000;
const A_DATE_PAST = "Sun, 06 Nov 1994 08:49:37 GMT";

/** Answers after which the message is retried. */
const PASSING: readonly Behaviour[] = [
  { status: 500 },
  { status: 503, body: "x".repeat(100_000) },
  { status: 408 },
  { status: 425 },
  { status: 429, headers: { "retry-after": "0" } },
  { status: 429, headers: { "retry-after": A_DATE_PAST } },
  { status: 301, headers: { location: "http://127.0.0.1:9/elsewhere" } },
  "hang",
  "reset",
  "garbage",
];

/** Answers that finish a message; after a 4xx, it is a dead letter. */
const FINAL: readonly Behaviour[] = [
  { status: 200 },
  { status: 204 },
  "reset-mid-body",
  { status: 400 },
  { status: 404 },
];

const isTaken = (final: Behaviour | undefined): boolean =>
  typeof final !== "object" || final.status < 300;

async function webhook(
  name: string,
  url: string,
  changes: Partial<OutboxSink> = {},
): Promise<OutboxSink> {
  return {
    sink: await openSink("webhook", { url, secret: SECRET }, sinkContext(), name),
    accepts: () => true,
    retry: { scheduleMs: [0, 5, 10], maxAgeMs: 600_000 },
    breaker: { failures: Number.POSITIVE_INFINITY, openMs: 1, maxOpenMs: 1 },
    timeoutMs: TIMEOUT_MS,
    ...changes,
  };
}

/** A sink with a clock on which an attempt times out only when the test says so. */
function timedOutByHand({ sink, ...rest }: OutboxSink) {
  const timeouts = new Map<string, () => void>();
  let latest = (): void => {};
  const clock: Clock = {
    ...systemClock,
    after(ms, call) {
      if (ms !== TIMEOUT_MS) return systemClock.after(ms, call);
      latest = call;
      return () => {};
    },
  };
  const deliver: Sink["deliver"] = (message, signal) => {
    timeouts.set(message.body.id, latest); // it was set right before
    return sink.deliver(message, signal);
  };
  const sinks: OutboxSink = {
    ...rest,
    sink: { name: sink.name, deliver, close: () => sink.close() },
  };
  return { sink: sinks, clock, timeOut: (id: string) => timeouts.get(id)?.() };
}

async function openOutbox(sinks: readonly OutboxSink[], clock: Clock = systemClock) {
  const path = join(await tempFolder(), "state");
  const state = await StateDirectory.open(path, () => {});
  const said: string[] = [];
  const outbox = await Outbox.open({ state, sinks, clock, report: (line) => said.push(line) });
  onTestFinished(async () => {
    await outbox.close();
    await state.close();
  });
  const letters = async (sink: string): Promise<(readonly [id: string, reason: string])[]> => {
    const all = (await listDeadLetters(path, () => {})).letters;
    return all
      .filter((letter) => letter.sink === sink)
      .map(({ body, reason }) => [body.id, reason]);
  };
  return { outbox, letters, said };
}

const idOf = ({ headers }: Arrived): string => String(headers["webhook-id"]);

describe("messages to a receiver that misbehaves", () => {
  it.each([1, 2, 3])("are delivered by the rules: seed %i", async (seed) => {
    const random = new Random(seed);
    const pick = <T>(list: readonly T[]): T =>
      list[Math.floor(random.uniform() * list.length)] as T;
    const messages = Array.from({ length: 40 }, (_, i) =>
      messageOf({ id: `m${i}`, episode: `e${i % EPISODES}` }),
    );
    const plans = new Map(
      messages.map(({ body }) => {
        const failures = Array.from({ length: Math.floor(random.uniform() * 3) }, () =>
          pick(PASSING),
        );
        return [body.id, [...failures, pick(FINAL)]] as const;
      }),
    );
    const attempts: string[] = [];
    const receiver = await ChaosReceiver.start((request) => {
      const id = idOf(request);
      const n = countOf(id);
      attempts.push(id);
      const behaviour = plans.get(id)?.[n] ?? { status: 599 };
      if (behaviour === "hang") void whenTaken(request).then(() => hook.timeOut(id));
      return behaviour;
    });
    const whenTaken = async ({ headers }: Arrived): Promise<void> => {
      while (!receiver.received.some((whole) => whole.headers === headers)) await sleep(5);
    };
    const hook = timedOutByHand(await webhook("hook", receiver.origin));
    const countOf = (id: string): number => attempts.filter((seen) => seen === id).length;
    const dead = await ChaosReceiver.start("hang");
    const { origin: deadOrigin } = dead;
    await dead.close();
    const often = { scheduleMs: [0, 100], maxAgeMs: 600_000 };
    const nobody = await webhook("nobody", deadOrigin, { retry: often });
    const { outbox, letters } = await openOutbox([hook.sink, nobody], hook.clock);
    for (const message of messages) await outbox.enqueue(message);
    await expect.poll(() => outbox.stats().get("hook")?.pending).toBe(0);

    // every plan ran to its end, without a further attempt
    const counts = Object.fromEntries([...plans.keys()].map((id) => [id, countOf(id)]));
    const planned = Object.fromEntries([...plans].map(([id, plan]) => [id, plan.length]));
    expect(counts).toEqual(planned);
    const refused = [...plans].filter(([, plan]) => !isTaken(plan.at(-1))).map(([id]) => id);
    expect((await letters("hook")).map(([id]) => id).sort()).toEqual(refused.sort());
    expect(outbox.stats().get("hook")).toMatchObject({
      delivered: messages.length - refused.length,
      dead: refused.length,
      dropped: 0,
    });

    // one by one within an episode
    for (let e = 0; e < EPISODES; e++) {
      const own = messages.map(({ body }) => body).filter(({ episode }) => episode === `e${e}`);
      const ids = new Set(own.map(({ id }) => id));
      const expected = own.flatMap(({ id }) => Array(planned[id] ?? 0).fill(id));
      expect(attempts.filter((id) => ids.has(id))).toEqual(expected);
    }

    // each attempt is signed, over the same bytes
    for (const { headers, body } of receiver.received) {
      const texts = Object.entries(headers).map(([name, value]) => [name, String(value)]);
      expect(new Webhook(SECRET).verify(body, Object.fromEntries(texts))).toBeTruthy();
      expect(body).toBe(messages.find((m) => m.body.id === headers["webhook-id"])?.json);
    }

    // the dead receiver has lost no message either
    expect(outbox.stats().get("nobody")).toMatchObject({ pending: messages.length, delivered: 0 });
  });

  it("wait as long as the receiver asks for", async () => {
    const date = (at: number): string => new Date(at).toUTCString();
    const receiver = await ChaosReceiver.start(({ at }, i) =>
      i === 0
        ? { status: 429, headers: { "retry-after": "1" } }
        : i === 1
          ? { status: 429, headers: { "retry-after": date(at + 2000), date: date(at) } }
          : { status: 200 },
    );
    const { outbox } = await openOutbox([await webhook("hook", receiver.origin)]);
    await outbox.enqueue(messageOf());
    expect(await outbox.drain(AbortSignal.timeout(60_000))).toBe(true);
    const [first = 0, second = 0, third = 0] = receiver.received.map(({ at }) => at);
    expect(receiver.received).toHaveLength(3);
    expect(second - first).toBeGreaterThanOrEqual(1000);
    expect(third - second).toBeGreaterThanOrEqual(1900);
  });

  it("become dead letters once the receiver is gone, without further attempts", async () => {
    const receiver = await ChaosReceiver.start((_, i) => ({ status: i < 2 ? 200 : 410 }));
    const { outbox, letters, said } = await openOutbox([await webhook("hook", receiver.origin)]);
    for (let i = 0; i < 10; i++) await outbox.enqueue(messageOf({ id: `m${i}` }));
    expect(await outbox.drain(AbortSignal.timeout(60_000))).toBe(true);
    expect(receiver.received.map(idOf)).toEqual(["m0", "m1", "m2"]);
    const gone = "the sink is switched off: answered 410 Gone";
    expect(await letters("hook")).toEqual([
      ["m2", "answered 410 Gone"],
      ...[3, 4, 5, 6, 7, 8, 9].map((i) => [`m${i}`, gone]),
    ]);
    expect(said).toContain("the sink hook is switched off: answered 410 Gone");
    await outbox.enqueue(messageOf({ id: "later" }));
    expect((await letters("hook")).at(-1)).toEqual(["later", gone]);
    expect(receiver.received).toHaveLength(3);
  });
});
