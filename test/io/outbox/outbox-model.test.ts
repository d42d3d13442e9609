import { cp } from "node:fs/promises";
import { basename, join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { listDeadLetters } from "../../../src/io/outbox/dead-letters.ts";
import { Outbox } from "../../../src/io/outbox/outbox.ts";
import { type RetryPolicy, waitMs } from "../../../src/io/outbox/sink-worker/retry-policy.ts";
import type { SinkChange } from "../../../src/io/outbox/sink-worker/sink-health.ts";
import type { Outcome } from "../../../src/io/sinks/sink.ts";
import { StateDirectory } from "../../../src/state/state-directory.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { HandClock, message, Receiver, type SeenAttempt } from "./support.ts";

const NONE = { failures: Number.POSITIVE_INFINITY, openMs: 0, maxOpenMs: 0 };
const POLICY: RetryPolicy = { scheduleMs: [0, 1000, 10_000], maxAgeMs: 60_000 };
const SINKS = ["a", "b"];
const EPISODES = 3;
const END_MS = 600_000;

type Step =
  /** A message; `of` is the number of an earlier message to repeat, if any. */
  | { readonly do: "enqueue"; readonly episode: number; readonly of: number }
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "reopen" | "crash" };

interface Sent {
  readonly id: string;
  readonly episode: string;
  readonly at: number;
}

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("enqueue" as const),
      episode: fc.nat(EPISODES - 1),
      of: fc.nat(30),
    }),
  },
  fc.record({ do: fc.constant("pass" as const), ms: fc.nat(30_000) }),
  fc.record({ do: fc.constantFrom("reopen" as const, "crash" as const) }),
);

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constant({ kind: "delivered" as const }),
  fc.record({ kind: fc.constant("retry" as const), reason: fc.constant("busy") }),
  fc.record({
    kind: fc.constant("retry" as const),
    reason: fc.constant("busy"),
    retryAfterMs: fc.nat(100_000),
  }),
  fc.constant({ kind: "rejected" as const, reason: "no" }),
);

/** The answer of a receiver to the n-th attempt for a message. */
function pick(script: readonly Outcome[], sink: string, id: string, n: number): Outcome {
  const place = SINKS.indexOf(sink) + 3 * Number(id) + 7 * n;
  return script[place % script.length] as Outcome;
}

interface Story {
  readonly attempts: SeenAttempt[];
  readonly dead: string[];
}

/** The slow and obvious outbox: handles each episode of each sink on its own, to its end. */
function expected(sent: readonly Sent[], script: readonly Outcome[]): Story {
  const story: Story = { attempts: [], dead: [] };
  for (const sink of SINKS) {
    for (let e = 0; e < EPISODES; e++) {
      let free = 0;
      for (const one of sent.filter(({ episode }) => episode === `${e}`)) {
        free = tell(story, sink, one, Math.max(one.at, free), script);
      }
    }
  }
  story.attempts.sort(byTime);
  story.dead.sort();
  return story;
}

/** Makes all attempts for one message. @returns When the next message of its episode may go. */
function tell(
  { attempts, dead }: Story,
  sink: string,
  { id, at }: Sent,
  start: number,
  script: readonly Outcome[],
): number {
  const deadline = at + POLICY.maxAgeMs;
  if (start >= deadline) {
    dead.push(`${sink} ${id}`); // it waited behind its episode for too long
    return start;
  }
  let now = start;
  for (let n = 0; ; n++) {
    attempts.push({ sink, id, at: now });
    const said = pick(script, sink, id, n);
    if (said.kind === "delivered") return now;
    if (said.kind !== "retry" || now >= deadline) {
      dead.push(`${sink} ${id}`);
      return now;
    }
    now = Math.min(now + waitMs(POLICY, n + 1, 0.5, said.retryAfterMs), deadline);
  }
}

function byTime(a: SeenAttempt, b: SeenAttempt): number {
  return a.at - b.at || a.sink.localeCompare(b.sink) || Number(a.id) - Number(b.id);
}

/** The real outbox, on a clock of its own. */
class Trial {
  readonly clock = new HandClock();
  readonly sent: Sent[] = [];
  readonly #root: string;
  readonly #receivers: ReadonlyMap<string, Receiver>;
  path: string;
  #crashes = 0;

  constructor(root: string, script: readonly Outcome[]) {
    this.#root = root;
    this.path = join(root, "0");
    this.#receivers = new Map(
      SINKS.map((sink) => [sink, new Receiver(this.clock, (id, n) => pick(script, sink, id, n))]),
    );
  }

  get attempts(): SeenAttempt[] {
    return [...this.#receivers.values()].flatMap(({ attempts }) => attempts).sort(byTime);
  }

  async open(): Promise<() => Promise<void>> {
    const report = (line: string, change?: SinkChange): void => {
      if (change === undefined) expect.fail(line);
    };
    const state = await StateDirectory.open(this.path, (damage) => report(damage.message));
    this.outbox = await Outbox.open({
      state,
      sinks: [...this.#receivers].map(([name, receiver]) =>
        receiver.sink(name, { retry: POLICY, breaker: NONE }),
      ),
      report,
      clock: this.clock,
      parallel: 100,
    });
    return async () => {
      await this.outbox?.close();
      await state.close();
    };
  }

  outbox: Outbox | null = null;

  async enqueue(episode: number, of: number): Promise<void> {
    const known = this.sent[of];
    if (known !== undefined) {
      await this.outbox?.enqueue(message(known.id, known));
      return;
    }
    const now = this.clock.now() - this.clock.start;
    const sent = { id: `${this.sent.length}`, episode: `${episode}`, at: now };
    this.sent.push(sent);
    await this.outbox?.enqueue(message(sent.id, sent));
  }

  /** Stops as `kill -9` would, and continues with what is on disk. */
  async crash(close: () => Promise<void>): Promise<() => Promise<void>> {
    // outcomes are still being written: a known message waits for them
    const [known] = this.sent;
    if (known !== undefined) await this.outbox?.enqueue(message(known.id, known));
    const copy = join(this.#root, `${++this.#crashes}`);
    const filter = (file: string): boolean => basename(file) !== "lock"; // a socket can't be copied
    await cp(this.path, copy, { recursive: true, filter });
    await close();
    this.path = copy;
    return this.open();
  }
}

it("Outbox makes the same attempts as the slow and obvious one, across stops and kills", async () => {
  const root = await tempFolder();
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 25 }),
      fc.array(outcome, { minLength: 1, maxLength: 12 }),
      async (steps, script) => {
        const trial = new Trial(join(root, `${++runs}`), script);
        let close = await trial.open();
        for (const next of steps) {
          if (next.do === "enqueue") await trial.enqueue(next.episode, next.of);
          else if (next.do === "crash") close = await trial.crash(close);
          else if (next.do === "reopen") {
            await close();
            close = await trial.open();
          }
          await trial.clock.pass(next.do === "pass" ? next.ms : 0);
        }
        await trial.clock.pass(END_MS * (1 + steps.length));
        await close();
        const { attempts, dead } = expected(trial.sent, script);
        expect(trial.attempts).toEqual(attempts);
        const { letters } = await listDeadLetters(trial.path, () => {});
        expect(letters.map(({ sink, body }) => `${sink} ${body.id}`).sort()).toEqual(dead);
      },
    ),
    { numRuns: 40 },
  );
});
