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
  for: { kind: "rows", need: 1, of: 1 },
  cooldownMs: 60 * MINUTE,
  resolveAfter: { kind: "rows", rows: 3 },
  repeatMs: null,
  sendResolved: true,
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

  message(event: AlertEvent): void {
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
        const evidence = this.policy.isPeak(score, score * 10) ? evidenceOf(time, score) : null;
        this.policy.anomalous(time, evidence, this);
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

  it("escalates once per step, past the cooldown, and says what it was before", () => {
    const run = new Run().rows(INFO, WARNING, WARNING, CRITICAL, CRITICAL);
    expect(run.messages).toEqual(["0 firing info", "1 escalated warning", "3 escalated critical"]);
    expect(run.events.map((event) => event.previousSeverity)).toEqual([null, "info", "warning"]);
  });

  it("points at its worst reading", () => {
    const run = new Run().rows(INFO, CRITICAL, WARNING, 0, 0, 0);
    expect(run.episodes[0]?.peak.timestamp).toBe(MINUTE);
    expect(run.episodes[0]?.severity).toBe("critical");
  });

  it("keeps one episode id, and every message has its own", () => {
    const run = new Run().rows(INFO, WARNING, 0, 0, 0);
    expect(new Set(run.events.map((event) => event.episode.id)).size).toBe(1);
    expect(new Set(run.events.map((event) => event.id)).size).toBe(3);
  });

  it("has the same ids when the same readings come again", () => {
    const ids = () => new Run().rows(INFO, WARNING, 0, 0, 0).events.map((event) => event.id);
    expect(ids()).toEqual(ids());
  });

  it("does not say that it is resolved when that is not wanted", () => {
    const run = new Run({ sendResolved: false }).rows(INFO, 0, 0, 0);
    expect(run.messages).toEqual(["0 firing info"]);
    expect(run.episodes).toHaveLength(1);
  });
});

describe("the cooldown", () => {
  it("withholds the next episode and its resolution, and the message after says how many", () => {
    const run = new Run().rows(INFO, 0, 0, 0, INFO, 0, 0, 0, INFO, 0, 0, 0).until(100).rows(INFO);
    expect(run.messages).toEqual(["0 firing info", "3 resolved info", "100 firing info"]);
    expect(run.events.at(-1)?.suppressed).toBe(2);
    expect(run.episodes.map((episode) => episode.notified)).toEqual([true, false, false]);
  });

  it("lets a more severe episode through", () => {
    const run = new Run().rows(INFO, 0, 0, 0, CRITICAL);
    expect(run.messages.at(-1)).toBe("4 firing critical");
  });

  it("holds back an episode only for as long as it lasts", () => {
    const run = new Run({ cooldownMs: 5 * MINUTE }).rows(INFO, 0, 0, 0, INFO, INFO, INFO);
    expect(run.messages).toEqual(["0 firing info", "3 resolved info", "5 firing info"]);
    expect(run.events.at(-1)?.suppressed).toBe(0);
  });
});

describe("resolve_after as a time", () => {
  const config: Partial<AlertConfig> = { resolveAfter: { kind: "duration", ms: 5 * MINUTE } };

  it("resolves at the deadline once normal readings have come", () => {
    const run = new Run(config).rows(INFO, 0, 0).until(9);
    expect(run.messages.at(-1)).toBe("5 resolved info");
  });

  it("does not resolve while the sensor is silent, but with its next normal reading", () => {
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

  it("a time fires at its deadline, with the peak of the pending readings", () => {
    const config: Partial<AlertConfig> = { for: { kind: "duration", ms: 3 * MINUTE } };
    const run = new Run(config).rows(INFO, CRITICAL, INFO).until(10);
    expect(run.messages).toEqual(["3 firing critical"]);
  });

  it("a time starts anew after a normal reading", () => {
    const config: Partial<AlertConfig> = { for: { kind: "duration", ms: 3 * MINUTE } };
    const run = new Run(config).rows(INFO, INFO, 0, INFO, INFO, 0);
    expect(run.messages).toEqual([]);
    expect(run.policy.open).toBeNull();
  });
});

it("repeat tells a long episode again, until it is resolved", () => {
  const run = new Run({ repeatMs: 4 * MINUTE }).rows(INFO, INFO, INFO, INFO, INFO, INFO).until(9);
  expect(run.messages).toEqual(["0 firing info", "4 repeated info", "8 repeated info"]);
  expect(run.rows(0, 0, 0).messages.at(-1)).toBe("11 resolved info");
});

it("goes on as before after save and load at any row", () => {
  const scores = [INFO, 0, WARNING, null, 0, 0, 0, INFO, 0, INFO, CRITICAL, 0, 0, 0, INFO];
  const config: Partial<AlertConfig> = {
    for: { kind: "rows", need: 1, of: 2 },
    cooldownMs: 6 * MINUTE,
    repeatMs: 2 * MINUTE,
  };
  const whole = new Run(config).rows(...scores);
  for (let cut = 0; cut <= scores.length; cut++) {
    const first = new Run(config).rows(...scores.slice(0, cut));
    const writer = new StateWriter();
    first.policy.save(writer);
    const second = new Run(config);
    second.policy.load(new StateReader(writer.finish()));
    second.minute = first.minute;
    second.rows(...scores.slice(cut));
    expect([...first.events, ...second.events]).toEqual(whole.events);
  }
});
