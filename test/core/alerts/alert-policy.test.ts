import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AlertEvent, Episode, Evidence } from "../../../src/core/alerts/alert-event.ts";
import { AlertPolicy } from "../../../src/core/alerts/alert-policy.ts";
import type { AlertConfig } from "../../../src/core/alerts/config.ts";
import { StateReader, StateWriter } from "../../../src/core/state-codec.ts";

const MINUTE = 60_000;
const INFO = 0.6;
const WARNING = 0.9;
const CRITICAL = 0.99;

const defaults: AlertConfig = {
  severity: { warning: 0.85, critical: 0.95 },
  budget: null,
  for: { kind: "rows", need: 1, of: 1 },
  cooldownMs: 60 * MINUTE,
  resolveAfter: { kind: "rows", rows: 3 },
  repeatMs: null,
  sendResolved: true,
  labels: {},
};

const subject = { pipeline: "p", detectorName: "d", detector: 0, keyName: "k", key: 0 };

/** Runs one policy over minutes: a number is an anomaly with that score, 0 a normal row, null an unscored one. */
class Run {
  readonly policy: AlertPolicy;
  readonly messages: string[] = [];
  readonly events: AlertEvent[] = [];
  readonly episodes: Episode[] = [];
  minute = 0;

  constructor(config: Partial<AlertConfig> = {}) {
    this.policy = new AlertPolicy({ ...defaults, ...config }, subject);
  }

  event(event: AlertEvent): void {
    this.events.push(event);
    this.messages.push(`${event.timestamp / MINUTE} ${event.status} ${event.severity}`);
  }

  episode(episode: Episode): void {
    this.episodes.push(episode);
  }

  rows(...scores: (number | null)[]): this {
    for (const score of scores) {
      const time = this.minute * MINUTE;
      this.until(this.minute);
      if (score === 0) this.policy.normal(time, this);
      else if (score !== null) {
        const wanted = this.policy.needsEvidence(score, score * 10);
        this.policy.anomalous(time, wanted ? evidenceOf(time, score) : null, this);
      }
      this.minute += 1;
    }
    return this;
  }

  /** Event time comes to `minute` without a reading. */
  until(minute: number): this {
    const now = minute * MINUTE;
    for (let due = this.policy.deadline; due <= now; due = this.policy.deadline) {
      this.policy.tick(due, this);
    }
    this.minute = minute;
    return this;
  }
}

function evidenceOf(timestamp: number, score: number): Evidence {
  return {
    timestamp,
    rawScore: score * 10,
    p: 1 - score,
    anomalyScore: score,
    reading: Float64Array.of(score),
    features: Float64Array.of(score, Number.NaN),
    explanation: {
      contributions: [
        { input: 0, value: score, typical: 0, low: -1, high: 1, side: "high", share: 1 },
      ],
      novel: [0],
      rule: null,
      threshold: Number.NaN,
    },
  };
}

describe("an episode", () => {
  it("fires with the first anomaly and is resolved after enough normal readings", () => {
    const run = new Run().rows(0, INFO, 0, 0, INFO, 0, 0, 0, 0);
    expect(run.messages).toEqual(["1 firing info", "7 resolved info"]);
    expect(run.episodes).toMatchObject([
      { startedAt: MINUTE, lastAnomalyAt: 4 * MINUTE, resolvedAt: 7 * MINUTE, anomalies: 2 },
    ]);
  });

  it("is not resolved by readings that were not scored", () => {
    const run = new Run().rows(INFO, 0, null, null, null, null, 0);
    expect(run.messages).toEqual(["0 firing info"]);
    expect(run.rows(0).messages).toEqual(["0 firing info", "7 resolved info"]);
  });

  it("escalates once per severity despite the cooldown, and gives the previous severity", () => {
    const run = new Run().rows(INFO, WARNING, WARNING, CRITICAL, CRITICAL);
    expect(run.messages).toEqual(["0 firing info", "1 escalated warning", "3 escalated critical"]);
    expect(run.events.map((event) => event.previousSeverity)).toEqual([null, "info", "warning"]);
  });

  it("refers to its worst reading", () => {
    const run = new Run().rows(INFO, CRITICAL, WARNING, 0, 0, 0);
    expect(run.episodes[0]?.peak.timestamp).toBe(MINUTE);
    expect(run.episodes[0]?.severity).toBe("critical");
  });

  it("keeps one episode id, and gives every message its own id", () => {
    const run = new Run().rows(INFO, WARNING, 0, 0, 0);
    expect(new Set(run.events.map((event) => event.episode.id)).size).toBe(1);
    expect(new Set(run.events.map((event) => event.id)).size).toBe(3);
  });

  it("has its own id even if it starts at the time of the previous one", () => {
    const run = new Run({ cooldownMs: 0, resolveAfter: { kind: "rows", rows: 1 } });
    for (let i = 0; i < 6; i++) {
      run.minute = 5; // readings that came late all have the time of the newest one
      run.rows(i % 2 === 0 ? INFO : 0);
    }
    expect(run.messages).toHaveLength(6);
    expect(new Set(run.episodes.map((episode) => episode.id)).size).toBe(3);
    expect(new Set(run.events.map((event) => event.id)).size).toBe(6);
  });

  it("has the same ids when the same readings are repeated", () => {
    const ids = () => new Run().rows(INFO, WARNING, 0, 0, 0).events.map((event) => event.id);
    expect(ids()).toEqual(ids());
  });

  it("sends no resolution if send_resolved is false", () => {
    const run = new Run({ sendResolved: false }).rows(INFO, 0, 0, 0);
    expect(run.messages).toEqual(["0 firing info"]);
    expect(run.episodes).toHaveLength(1);
  });
});

describe("the cooldown", () => {
  it("suppresses the next episode and its resolution, and the next message counts them", () => {
    const run = new Run().rows(INFO, 0, 0, 0, INFO, 0, 0, 0, INFO, 0, 0, 0).until(100).rows(INFO);
    expect(run.messages).toEqual(["0 firing info", "3 resolved info", "100 firing info"]);
    expect(run.events.at(-1)?.suppressed).toBe(2);
    expect(run.episodes.map((episode) => episode.notified)).toEqual([true, false, false]);
  });

  it("lets a more severe episode through", () => {
    const run = new Run().rows(INFO, 0, 0, 0, CRITICAL);
    expect(run.messages.at(-1)).toBe("4 firing critical");
  });

  it("suppresses an episode only until the cooldown ends", () => {
    const run = new Run({ cooldownMs: 5 * MINUTE }).rows(INFO, 0, 0, 0, INFO, INFO, INFO);
    expect(run.messages).toEqual(["0 firing info", "3 resolved info", "5 firing info"]);
    expect(run.events.at(-1)?.suppressed).toBe(0);
  });

  it("sends a suppressed episode at its end, even if the sensor is silent", () => {
    const run = new Run({ cooldownMs: 9 * MINUTE }).rows(INFO, 0, 0, 0, INFO).until(1000);
    expect(run.messages).toEqual(["0 firing info", "3 resolved info", "9 firing info"]);
  });

  it("does not send an episode at its end if it may be over", () => {
    const run = new Run({ cooldownMs: 9 * MINUTE }).rows(INFO, 0, 0, 0, INFO, 0).until(1000);
    expect(run.messages).toEqual(["0 firing info", "3 resolved info"]);
    expect(run.rows(INFO).messages.at(-1)).toBe("1000 firing info");
  });
});

describe("resolve_after as a time", () => {
  const config: Partial<AlertConfig> = { resolveAfter: { kind: "duration", ms: 5 * MINUTE } };

  it("resolves at the deadline after normal readings", () => {
    const run = new Run(config).rows(INFO, 0, 0).until(9);
    expect(run.messages.at(-1)).toBe("5 resolved info");
  });

  it("does not resolve while the sensor is silent, only with its next normal reading", () => {
    const run = new Run(config).rows(INFO).until(30);
    expect(run.messages).toEqual(["0 firing info"]);
    expect(run.rows(0).messages.at(-1)).toBe("30 resolved info");
  });
});

describe("for", () => {
  it("m of n waits until enough of the last readings are anomalous", () => {
    const config: Partial<AlertConfig> = { for: { kind: "rows", need: 3, of: 5 } };
    const run = new Run(config).rows(INFO, 0, 0, 0, 0, WARNING, 0, INFO, INFO, INFO);
    expect(run.messages).toEqual(["8 firing warning"]);
    expect(run.events[0]?.episode).toMatchObject({ startedAt: 5 * MINUTE });
  });

  it("m of n starts with, counts and refers to rows among the last n only", () => {
    const score = fc.constantFrom(0, 0, 0, 0, 0, 0, INFO, WARNING, CRITICAL);
    fc.assert(
      fc.property(
        fc.array(score, { maxLength: 60 }),
        fc.integer({ min: 2, max: 4 }),
        fc.integer({ min: 0, max: 4 }),
        (scores, need, more) => {
          const of = need + more;
          const run = new Run({ for: { kind: "rows", need, of } }).rows(...scores);
          const fired = scores.findIndex((_, i) => {
            const seen = scores.slice(Math.max(0, i + 1 - of), i + 1);
            return scores[i] !== 0 && seen.filter((s) => s > 0).length >= need;
          });
          expect(run.events.length > 0).toBe(fired >= 0);
          if (fired < 0) return;
          const from = Math.max(0, fired + 1 - of);
          const counted = scores.slice(from, fired + 1);
          const worst: number = Math.max(...counted);
          expect(run.events[0]).toMatchObject({
            timestamp: fired * MINUTE,
            episode: {
              startedAt: (from + counted.findIndex((s) => s > 0)) * MINUTE,
              lastAnomalyAt: fired * MINUTE,
              anomalies: counted.filter((s) => s > 0).length,
              peak: {
                timestamp: (from + counted.findIndex((s) => s === worst)) * MINUTE,
                anomalyScore: worst,
              },
            },
          });
        },
      ),
      { numRuns: 500 },
    );
  });

  it("a time fires at its deadline, with the peak of the pending readings", () => {
    const config: Partial<AlertConfig> = { for: { kind: "duration", ms: 3 * MINUTE } };
    const run = new Run(config).rows(INFO, CRITICAL, INFO).until(10);
    expect(run.messages).toEqual(["3 firing critical"]);
  });

  it("a time starts again after a normal reading", () => {
    const config: Partial<AlertConfig> = { for: { kind: "duration", ms: 3 * MINUTE } };
    const run = new Run(config).rows(INFO, INFO, 0, INFO, INFO, 0);
    expect(run.messages).toEqual([]);
    expect(run.policy.open).toBeNull();
  });
});

describe("repeat", () => {
  const config: Partial<AlertConfig> = { repeatMs: 4 * MINUTE };

  it("repeats the message of a long episode until it is resolved", () => {
    const run = new Run(config).rows(INFO, INFO, INFO, INFO, INFO, INFO).until(9);
    expect(run.messages).toEqual(["0 firing info", "4 repeated info", "8 repeated info"]);
    expect(run.rows(0, 0, 0).messages.at(-1)).toBe("11 resolved info");
  });

  it("doubles the interval each time while the sensor is silent", () => {
    const run = new Run(config).rows(INFO).until(365 * 24 * 60);
    const minutes = run.events.map(({ timestamp }) => timestamp / MINUTE);
    expect(minutes.slice(0, 5)).toEqual([0, 4, 12, 28, 60]);
    expect(minutes).toHaveLength(18);
  });

  it("sends an overdue message with the next reading, then uses the normal interval again", () => {
    const run = new Run(config).rows(INFO).until(40).rows(INFO).until(45).rows(INFO);
    const repeats = run.messages.map((message) => message.replace(" repeated info", ""));
    expect(repeats.slice(1)).toEqual(["4", "12", "28", "40", "44"]);
  });
});

/** Every kind of rule, one with the other. */
const anyConfig: fc.Arbitrary<Partial<AlertConfig>> = fc.record({
  for: fc.constantFrom<AlertConfig["for"]>(
    { kind: "rows", need: 1, of: 1 },
    { kind: "rows", need: 2, of: 4 },
    { kind: "duration", ms: 0 },
    { kind: "duration", ms: 2.5 * MINUTE },
  ),
  cooldownMs: fc.constantFrom(0, 6 * MINUTE),
  resolveAfter: fc.constantFrom<AlertConfig["resolveAfter"]>(
    { kind: "rows", rows: 2 },
    { kind: "duration", ms: 3.5 * MINUTE },
  ),
  repeatMs: fc.constantFrom(null, 2 * MINUTE),
  sendResolved: fc.boolean(),
});

function saved(policy: AlertPolicy): Uint8Array {
  const writer = new StateWriter();
  policy.save(writer);
  return writer.finish();
}

it("gives the same bytes after save and load at any row", () => {
  const score = fc.constantFrom(null, 0, 0, 0, INFO, WARNING, CRITICAL);
  const scores = fc.array(score, { maxLength: 40 });
  fc.assert(
    fc.property(anyConfig, scores, fc.nat(40), (config, all, place) => {
      const cut = place % (all.length + 1);
      const whole = new Run(config).rows(...all);
      const first = new Run(config).rows(...all.slice(0, cut));
      const second = new Run(config);
      second.policy.load(new StateReader(saved(first.policy)));
      second.minute = first.minute;
      second.rows(...all.slice(cut));
      expect([...first.events, ...second.events]).toEqual(whole.events);
      expect([...first.episodes, ...second.episodes]).toEqual(whole.episodes);
      expect(second.policy.open).toEqual(whole.policy.open);
      expect(saved(second.policy)).toEqual(saved(whole.policy));
    }),
    { numRuns: 300 },
  );
});

it("changes its version whenever its state changes", () => {
  const score = fc.constantFrom(null, 0, 0, INFO, CRITICAL);
  fc.assert(
    fc.property(anyConfig, fc.array(score, { maxLength: 30 }), (config, scores) => {
      const run = new Run(config);
      const states = new Map<number, Uint8Array>();
      const look = (): void => {
        const state = saved(run.policy);
        expect(states.get(run.policy.version) ?? state).toEqual(state);
        states.set(run.policy.version, state);
      };
      for (const score of scores) {
        run.until(run.minute);
        look();
        run.rows(score);
        look();
      }
      run.until(run.minute + 20);
      look();
    }),
  );
});

describe("AlertPolicy with a cooldown that follows the readings", () => {
  const followed = (ms: number): Run => {
    const run = new Run({ cooldownMs: null });
    run.policy.follow(ms);
    return run;
  };

  it("is quiet for 60 intervals, at least a minute and at most an hour", () => {
    const alerts = (ms: number): number =>
      followed(ms)
        .rows(...Array.from({ length: 120 }, (_, i) => (i % 4 === 0 ? INFO : 0)))
        .messages.filter((message) => message.includes("firing")).length;
    expect(alerts(1)).toBe(30);
    expect(alerts(10_000)).toBe(10);
    expect(alerts(MINUTE)).toBe(2);
    expect(alerts(60 * MINUTE)).toBe(2);
  });

  it("ends early for an anomaly that is rarer by one nat than those with messages", () => {
    const run = followed(MINUTE);
    const peak = (p: number): void => {
      const time = run.minute * MINUTE;
      run.policy.anomalous(time, { ...evidenceOf(time, INFO), p }, run);
      run.minute += 1;
      run.rows(0, 0, 0);
    };
    for (const p of [1e-3, 1e-3, 4e-4, 3.6e-4, 3e-4, 1e-4]) peak(p);
    const fired = run.messages.filter((message) => message.includes("firing"));
    expect(fired).toEqual(["0 firing info", "12 firing info", "20 firing info"]);
  });

  it("keeps its length and the rarest message in a snapshot", () => {
    const run = followed(2000);
    run.rows(INFO, 0, 0, 0);
    const writer = new StateWriter();
    run.policy.save(writer);
    const copy = new AlertPolicy({ ...defaults, cooldownMs: null }, subject);
    copy.load(new StateReader(writer.finish()));
    const again = new StateWriter();
    copy.save(again);
    expect(again.finish()).toEqual(writer.finish());
  });
});
