import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AlertEvent, Episode, Evidence } from "../../../src/core/alerts/alert-event.ts";
import { AlertPolicy } from "../../../src/core/alerts/alert-policy.ts";
import type { AlertConfig } from "../../../src/core/alerts/config.ts";
import { StateReader, StateWriter } from "../../../src/core/state-codec.ts";
import { type Ended, type Row, SlowAlerts, type Told } from "./slow-alerts.ts";

const STEP = 1000;
const steps = (n: number): number => n * STEP;
const subject = { pipeline: "p", detectorName: "d", detector: 0, keyName: "k", key: 0 };

/** What happens to a policy. Steps are counted from the last reading. */
type Act =
  | { readonly kind: "row"; readonly after: number; readonly score: number; readonly raw: number }
  /** Time passes without a scored reading: a clock says so, or one that was not scored. */
  | { readonly kind: "wait"; readonly after: number }
  /** The process ends, and another one goes on from what was saved. */
  | { readonly kind: "restart" };

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("row" as const),
      after: fc.constantFrom(0, 1, 1, 1, 1, 2, 5, 70),
      // 0: normal; 0.85 and 0.95 are not yet above the levels
      score: fc.constantFrom(0, 0, 0, 0.5, 0.6, 0.85, 0.9, 0.95, 0.99),
      raw: fc.constantFrom(1, 2, 3),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      after: fc.constantFrom(0, 1, 3, 10, 90),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Act>({ kind: "restart" }) },
);

const LENGTHS = { maxLength: 60, size: "max" } as const; // otherwise most runs are short

const duration = (n: number) => ({ kind: "duration" as const, ms: steps(n) });

const anyConfig: fc.Arbitrary<AlertConfig> = fc.record({
  severity: fc.constant({ warning: 0.85, critical: 0.95 }),
  budget: fc.constant(null),
  for: fc.oneof(
    fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 3 }))
      .map(([need, more]) => ({ kind: "rows" as const, need, of: need + more })),
    fc.constantFrom(0, 1, 3, 8).map(duration),
  ),
  cooldownMs: fc.constantFrom(0, 1, 4, 15).map(steps),
  resolveAfter: fc.oneof(
    fc.integer({ min: 1, max: 4 }).map((rows) => ({ kind: "rows" as const, rows })),
    fc.constantFrom(1, 2, 6).map(duration),
  ),
  repeatMs: fc.option(fc.constantFrom(1, 3, 10).map(steps)),
  sendResolved: fc.boolean(),
  labels: fc.constant({}),
});

/** Runs a policy as the engine does: what is due comes before a reading. */
class Fast {
  readonly events: AlertEvent[] = [];
  readonly episodes: Episode[] = [];
  readonly #config: AlertConfig;
  #policy: AlertPolicy;

  constructor(config: AlertConfig) {
    this.#config = config;
    this.#policy = new AlertPolicy(config, subject);
  }

  event(event: AlertEvent): void {
    this.events.push(event);
  }

  episode(episode: Episode): void {
    this.episodes.push(episode);
  }

  until(time: number): void {
    const policy = this.#policy;
    for (let due = policy.deadline; due <= time; due = policy.deadline) policy.tick(due, this);
  }

  row(row: Row): void {
    this.until(row.time);
    const policy = this.#policy;
    if (!row.anomalous) policy.normal(row.time, this);
    else {
      const wanted = policy.needsEvidence(row.score, row.raw);
      policy.anomalous(row.time, wanted ? evidenceOf(row) : null, this);
    }
  }

  restart(): void {
    const writer = new StateWriter();
    this.#policy.save(writer);
    this.#policy = new AlertPolicy(this.#config, subject);
    const reader = new StateReader(writer.finish());
    this.#policy.load(reader);
    expect(reader.remaining).toBe(0);
  }
}

function evidenceOf({ time, score, raw }: Row): Evidence {
  return {
    timestamp: time,
    rawScore: raw,
    p: 1 - score,
    anomalyScore: score,
    reading: Float64Array.of(score),
    features: Float64Array.of(raw),
    explanation: { contributions: [], novel: [], rule: null, threshold: Number.NaN },
  };
}

/** Does all of `acts`, and then waits until nothing more is due. */
function play(acts: readonly Act[], side: Fast | SlowAlerts): void {
  let last = 0;
  for (const one of acts) {
    if (one.kind === "wait") {
      side.until(last + steps(one.after));
      side.until(last); // a policy may be asked again for what it has done already
    } else if (one.kind === "row") {
      last += steps(one.after);
      side.row({ time: last, anomalous: one.score > 0, score: one.score, raw: one.raw });
    } else if (side instanceof Fast) {
      side.restart();
    }
  }
  side.until(last + steps(200));
}

function told({ episode, ...event }: AlertEvent): Told {
  const { timestamp, rawScore, anomalyScore } = episode.peak;
  return {
    at: event.timestamp,
    status: event.status,
    severity: event.severity,
    previous: event.previousSeverity,
    suppressed: event.suppressed,
    started: episode.startedAt,
    lastAnomaly: episode.lastAnomalyAt,
    resolved: Number.isNaN(episode.resolvedAt) ? null : episode.resolvedAt,
    anomalies: episode.anomalies,
    peak: { time: timestamp, anomalous: true, score: anomalyScore, raw: rawScore },
  };
}

function ended({ startedAt, resolvedAt, severity, anomalies, notified }: Episode): Ended {
  return { started: startedAt, resolved: resolvedAt, severity, anomalies, notified };
}

describe("an alert policy", () => {
  it("gives the same events as a simple model, for any readings, pauses and restarts", () => {
    fc.assert(
      fc.property(anyConfig, fc.array(act, LENGTHS), (config, acts) => {
        const fast = new Fast(config);
        const slow = new SlowAlerts(config, STEP);
        play(acts, fast);
        play(acts, slow);
        expect(fast.events.map(told)).toEqual(slow.told);
        expect(fast.episodes.map(ended)).toEqual(slow.ended);
      }),
      { numRuns: 1500 },
    );
  });

  it("gives the same events and ids, with or without polling and restarts at every step", () => {
    const acts = fc.array(act, LENGTHS).map((all) => all.filter(isRow));
    fc.assert(
      fc.property(anyConfig, acts, (config, rows) => {
        const asked = new Fast(config);
        const alone = new Fast(config);
        play(
          rows.flatMap((row) => [...everyStep(row.after), { kind: "restart" }, row] as const),
          asked,
        );
        play(rows, alone);
        expect(asked.events).toEqual(alone.events);
        expect(asked.episodes).toEqual(alone.episodes);
      }),
      { numRuns: 300 },
    );
  });

  it("gives each message and each episode its own id", () => {
    fc.assert(
      fc.property(anyConfig, fc.array(act, LENGTHS), (config, acts) => {
        const fast = new Fast(config);
        play(acts, fast);
        expect(new Set(fast.events.map(({ id }) => id)).size).toBe(fast.events.length);
        expect(new Set(fast.episodes.map(({ id }) => id)).size).toBe(fast.episodes.length);
      }),
      { numRuns: 500 },
    );
  });
});

function isRow(one: Act): one is Extract<Act, { kind: "row" }> {
  return one.kind === "row";
}

/** Waits of 0 to `most` steps. */
function everyStep(most: number): Act[] {
  return Array.from({ length: most + 1 }, (_, after) => ({ kind: "wait", after }));
}
