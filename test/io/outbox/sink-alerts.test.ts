import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import type { AlertBody } from "../../../src/io/messages/alert-schema.ts";
import { changeDeadLetters, listDeadLetters } from "../../../src/io/outbox/dead-letters.ts";
import { Outbox } from "../../../src/io/outbox/outbox.ts";
import type { OutboxSink } from "../../../src/io/outbox/outbox-options.ts";
import type { Outcome } from "../../../src/io/sinks/sink.ts";
import { StateDirectory } from "../../../src/state/state-directory.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { HandClock, message, Receiver } from "./support.ts";

const RETRY: Outcome = { kind: "retry", reason: "answered 503" };
const REJECTED: Outcome = { kind: "rejected", reason: "answered 400" };

/** Two receivers of one outbox. They record the messages about sinks. */
class Pair {
  readonly clock = new HandClock();
  readonly a = new Receiver(this.clock);
  readonly b = new Receiver(this.clock);
  readonly said: string[] = [];
  /** Messages about sinks that a receiver took: `<receiver> <status> <summary>`. */
  readonly told: string[] = [];
  readonly bodies: AlertBody[] = [];
  outbox: Outbox | null = null;
  #next = 0;

  async open(path: string, names: readonly string[] = ["a", "b"]): Promise<() => Promise<void>> {
    const state = await StateDirectory.open(path, ({ message }) => this.said.push(message));
    const sinks = names.map((name) => this.#recording(name, name === "a" ? this.a : this.b));
    const outbox = await Outbox.open({
      ...{ state, sinks, clock: this.clock },
      report: (text, change) => this.said.push(`${change?.state ?? ""} ${text}`.trim()),
      alerts: { pipeline: "pumps", labels: { site: "north" } },
    });
    this.outbox = outbox;
    let closed = false;
    const close = async (): Promise<void> => {
      if (closed) return;
      closed = true;
      await outbox.close();
      await state.close();
    };
    onTestFinished(close);
    return close;
  }

  /** Waits for the disk: a message goes out once it is there. */
  async toldAre(expected: readonly string[]): Promise<void> {
    await vi.waitFor(() => expect(this.told).toEqual(expected));
  }

  async send(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const id = `m${++this.#next}`;
      await this.outbox?.enqueue(message(id, { episode: id }));
    }
    await this.clock.pass(0);
  }

  #recording(name: string, receiver: Receiver): OutboxSink {
    const plain = receiver.sink(name);
    return {
      ...plain,
      sink: {
        ...plain.sink,
        deliver: async (sent, signal) => {
          const outcome = await plain.sink.deliver(sent, signal);
          if (outcome.kind === "delivered" && sent.body.detector === "iotmon") {
            this.told.push(`${name} ${sent.body.status} ${sent.body.explanation.summary}`);
            this.bodies.push(sent.body);
          }
          return outcome;
        },
      },
    };
  }
}

it("a sink that fails is told to the other sink once, and so is its recovery", async () => {
  const pair = new Pair();
  await pair.open(join(await tempFolder(), "state"));
  pair.a.answer = () => RETRY;
  await pair.send(20);
  await pair.clock.pass(300_000);
  const fired = "b firing a: all attempts fail: answered 503";
  await pair.toldAre([fired]);
  pair.a.answer = () => ({ kind: "delivered" });
  await pair.clock.pass(600_000);
  await pair.toldAre([fired, "b resolved a: works again"]);
  expect(pair.said).toEqual([
    "failing the sink a fails, its messages are sent again: answered 503",
    "circuit_open the sink a keeps failing, so attempts pause: answered 503",
    "recovered the sink a works again",
  ]);
  const [firing, resolved] = pair.bodies;
  expect(firing).toMatchObject({
    sensor_id: "a",
    pipeline: "pumps",
    severity: "warning",
    labels: { site: "north", event: "sink_failing" },
  });
  expect(resolved?.episode).toBe(firing?.episode);
});

it("two sinks that both fail send each other no more than one message each, and no loop begins", async () => {
  const pair = new Pair();
  await pair.open(join(await tempFolder(), "state"));
  pair.a.answer = () => RETRY;
  pair.b.answer = () => REJECTED;
  await pair.send(30);
  await pair.clock.pass(3_600_000);
  await vi.waitFor(() => {
    const ids = new Set([...pair.a.attempts, ...pair.b.attempts].map(({ id }) => id));
    expect(ids.size).toBe(32); // 30 messages, and one about each sink
  });
});

it("a receiver that takes everything but messages about sinks causes no further ones", async () => {
  const pair = new Pair();
  await pair.open(join(await tempFolder(), "state"));
  const own = (id: string): Outcome => (/^m\d+$/.test(id) ? { kind: "delivered" } : REJECTED);
  pair.a.answer = own;
  pair.b.answer = () => RETRY;
  for (let i = 0; i < 50; i++) {
    await pair.send(1);
    await pair.clock.pass(60_000);
  }
  await vi.waitFor(() =>
    expect(pair.a.attempts.filter(({ id }) => !/^m\d+$/.test(id))).toHaveLength(1),
  );
  expect(pair.said.filter((line) => line.includes("the sink a"))).toEqual([]);
});

it("a sink that comes and goes is told at most every ten minutes, and not forgotten", async () => {
  const pair = new Pair();
  await pair.open(join(await tempFolder(), "state"));
  for (let i = 0; i < 20; i++) {
    pair.a.answer = () => REJECTED;
    await pair.send(1);
    await pair.clock.pass(30_000);
    pair.a.answer = () => ({ kind: "delivered" });
    await pair.send(1);
    await pair.clock.pass(30_000);
  }
  const firing = (): number => pair.told.filter((text) => text.includes("firing")).length;
  await vi.waitFor(() => expect(firing()).toBe(2));
  pair.a.answer = () => REJECTED;
  await pair.send(1);
  await pair.clock.pass(600_000);
  await vi.waitFor(() => expect(firing()).toBe(3));
  expect(pair.told.at(-1)).toBe("b firing a: messages become dead letters: answered 400");
});

it("a later run resolves the message about a sink, also when the sink is removed", async () => {
  for (const names of [["a", "b"], ["b"]]) {
    const path = join(await tempFolder(), "state");
    const pair = new Pair();
    pair.a.answer = () => ({ kind: "gone", reason: "answered 410" });
    const close = await pair.open(path);
    await pair.send(3);
    await pair.clock.pass(1000);
    const fired = "b firing a: the receiver wants no more messages: answered 410";
    await pair.toldAre([fired]);
    await close();
    pair.a.answer = () => ({ kind: "delivered" });
    await changeDeadLetters(
      path,
      "redrive",
      ({ sink }) => sink === "a",
      () => {},
    );
    await pair.open(path, names);
    await pair.clock.pass(1e12);
    const end = names.includes("a") ? "works again" : "is no longer in the pipeline";
    await pair.toldAre([fired, `b resolved a: ${end}`]);
    expect(pair.bodies[1]?.episode).toBe(pair.bodies[0]?.episode);
  }
});

it("the messages of a removed sink become dead letters at once, and that is reported", async () => {
  const path = join(await tempFolder(), "state");
  const pair = new Pair();
  pair.a.answer = () => RETRY;
  const close = await pair.open(path);
  await pair.send(3);
  await close();
  pair.said.length = 0;
  const closeAgain = await pair.open(path, ["b"]);
  expect(pair.said).toEqual([
    "dead_letters the sink a gets dead letters, as it is no longer in the pipeline: 3",
  ]);
  await closeAgain();
  expect((await listDeadLetters(path, () => {})).letters).toHaveLength(3);
});
