import { describe, expect, it } from "vitest";
import { type SinkTypeName, sinkTypes } from "../../src/io/sinks/registry.ts";
import type { Sink } from "../../src/io/sinks/sink.ts";
import { type Behaviour, ChaosReceiver } from "../support/chaos-receiver.ts";
import { messageOf } from "../support/messages.ts";
import { openSink, POSTING_TYPES, SECRET_TEXTS, sinkSetups } from "../support/sink-setups.ts";

const types = sinkTypes.map(({ type }) => type);
const inTime = (): AbortSignal => AbortSignal.timeout(60_000);

async function sinkTo(type: SinkTypeName, receiver: ChaosReceiver): Promise<Sink> {
  return openSink(type, await sinkSetups[type](receiver.origin));
}

async function sinkOf(type: SinkTypeName, behaviour: Behaviour = { status: 200 }) {
  const receiver = await ChaosReceiver.start(behaviour);
  const sink = await sinkTo(type, receiver);
  return { sink, receiver };
}

function expectNoSecrets(text: string): void {
  for (const secret of SECRET_TEXTS) expect(text).not.toContain(secret);
}

describe.each(types)("a %s sink", (type) => {
  it("delivers firing and resolved, one after the other and at once", async () => {
    const { sink } = await sinkOf(type);
    const firing = messageOf();
    const resolved = messageOf({
      status: "resolved",
      id: "m2",
      resolved_at: firing.body.timestamp,
    });
    expect(await sink.deliver(firing, inTime())).toMatchObject({ kind: "delivered" });
    const more = Array.from({ length: 20 }, () => sink.deliver(resolved, inTime()));
    for (const outcome of await Promise.all(more)) expect(outcome.kind).toBe("delivered");
    await sink.close();
  });

  it("asks for another attempt if the signal is already aborted", async () => {
    const { sink, receiver } = await sinkOf(type);
    expect(await sink.deliver(messageOf(), AbortSignal.abort())).toMatchObject({ kind: "retry" });
    expect(receiver.received).toEqual([]);
    await sink.close();
  });

  it("can be closed twice, and does not throw after that", async () => {
    const { sink } = await sinkOf(type);
    await sink.deliver(messageOf(), inTime());
    await sink.close();
    await sink.close();
    const { kind } = await sink.deliver(messageOf(), inTime());
    expect(["delivered", "retry"]).toContain(kind);
    await sink.close();
  });

  it("does not show its secrets when it is printed", async () => {
    const { sink } = await sinkOf(type);
    const { inspect } = await import("node:util");
    expectNoSecrets(`${JSON.stringify(sink)} ${inspect(sink, { depth: 9 })} ${sink.name}`);
    await sink.close();
  });

  it("accepts a message with unusual values", async () => {
    const { sink } = await sinkOf(type);
    const odd = messageOf({
      sensor_id: `pump\u0000\u001b[31m<!channel>&\n${"x".repeat(20_000)}`,
      explanation: {
        summary: "\ud800 & < >".repeat(3000),
        contributions: [],
        novel: [],
        rule: null,
      },
      anomaly_score: null,
      raw_score: null,
      p: null,
      rarity: null,
      labels: { alertname: "mine", severity: "none" },
    });
    expect(await sink.deliver(odd, inTime())).toMatchObject({ kind: "delivered" });
    await sink.close();
  });
});

const OUTCOMES: readonly (readonly [number, string])[] = [
  [200, "delivered"],
  [201, "delivered"],
  [204, "delivered"],
  [301, "retry"],
  [302, "retry"],
  [304, "retry"],
  [308, "retry"],
  [400, "rejected"],
  [401, "rejected"],
  [404, "rejected"],
  [408, "retry"],
  [410, "gone"],
  [413, "rejected"],
  [425, "retry"],
  [429, "retry"],
  [500, "retry"],
  [503, "retry"],
  [599, "retry"],
];

describe.each(POSTING_TYPES)("a %s sink", (type) => {
  it.each(OUTCOMES)("takes an answer of %i for %s", async (status, kind) => {
    const { sink, receiver } = await sinkOf(type, { status });
    const outcome = await sink.deliver(messageOf(), inTime());
    expect(outcome.kind).toBe(kind);
    if ("reason" in outcome) expect(outcome.reason).toMatch(new RegExp(`^answered ${status}\\b`));
    expect(receiver.received).toHaveLength(1);
    await sink.close();
  });

  it("does not follow a redirect, and names its target without secrets", async () => {
    const other = await ChaosReceiver.start({ status: 200 });
    const location = `${other.origin}/elsewhere?token=query-t0ken-4711`;
    const { sink } = await sinkOf(type, { status: 301, headers: { location } });
    expect(await sink.deliver(messageOf(), inTime())).toEqual({
      kind: "retry",
      reason:
        `answered 301 Moved Permanently, which points to 127.0.0.1:${other.port}; ` +
        "redirects are not followed",
    });
    expect(other.received).toEqual([]);
    await sink.close();
  });

  it("reports a receiver that does not listen", async () => {
    const { sink, receiver } = await sinkOf(type);
    const { port } = receiver;
    await receiver.close();
    expect(await sink.deliver(messageOf(), inTime())).toEqual({
      kind: "retry",
      reason: `connection refused (127.0.0.1:${port})`,
    });
    await sink.close();
  });

  it.each([
    ["hang", "no answer in time"],
    ["reset", "the connection was closed before an answer came"],
    ["garbage", /^the answer of 127\.0\.0\.1:\d+ is not HTTP$/],
  ] as const)("repeats an attempt at a receiver that does this: %s", async (behaviour, reason) => {
    const { sink } = await sinkOf(type, behaviour);
    const signal = behaviour === "hang" ? AbortSignal.timeout(300) : inTime();
    const outcome = await sink.deliver(messageOf(), signal);
    expect(outcome.kind).toBe("retry");
    expect("reason" in outcome ? outcome.reason : "").toMatch(reason);
    expectNoSecrets(JSON.stringify(outcome));
    await sink.close();
  });

  it.each(["reset-mid-body", "endless-body", "slow"] as const)(
    "delivers once a receiver has answered 2xx, even if it does this: %s",
    async (behaviour) => {
      const { sink } = await sinkOf(type, behaviour);
      // an attempt that is cut in the middle of the answer was one that it took
      const signal = behaviour === "endless-body" ? AbortSignal.timeout(1500) : inTime();
      const { kind } = await sink.deliver(messageOf(), signal);
      expect(kind).toBe("delivered");
      await sink.close();
    },
  );

  it("stops reading an answer that is large", async () => {
    const { sink } = await sinkOf(type, { status: 500, body: "x".repeat(5_000_000) });
    expect(await sink.deliver(messageOf(), inTime())).toMatchObject({ kind: "retry" });
    await sink.close();
  });

  it("shows no secret in a reason, even if the receiver returns them all", async () => {
    const receiver = await ChaosReceiver.start(({ path, headers }, i) => {
      const echo = `${path} ${JSON.stringify(headers)} ${SECRET_TEXTS.join(" ")}`;
      const status = [301, 400, 410, 500][i % 4] ?? 500;
      const location = `http://user:passw0rd-4711@127.0.0.1${path}`;
      return { status, headers: { location, "x-echo": SECRET_TEXTS.join(" ") }, body: echo };
    });
    const sink = await sinkTo(type, receiver);
    for (let i = 0; i < 4; i++) {
      expectNoSecrets(JSON.stringify(await sink.deliver(messageOf(), inTime())));
    }
    expect(receiver.received[0]?.headers["authorization"]).toMatch(/^Basic /);
    expect(receiver.received[0]?.headers["x-token"]).toBe("Bearer header-t0ken-4711");
    await sink.close();
  });

  it("identifies itself to the receiver", async () => {
    const { sink, receiver } = await sinkOf(type);
    await sink.deliver(messageOf(), inTime());
    expect(receiver.received[0]?.headers).toMatchObject({
      "content-type": "application/json",
      "user-agent": "iotmon/9.9.9",
    });
    await sink.close();
  });
});
