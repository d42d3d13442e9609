import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LabelMeter, type LabelMetrics } from "../../../src/backtest/metrics/label-metrics.ts";
import type { Episode } from "../../../src/core/alerts/alert-event.ts";
import { cutAt } from "../../support/batches.ts";
import { detectorPlan, episodeOf, evidenceOf, planOf, type ScoredRow, scored } from "../support.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PATIENCE = 3;
const plan = planOf([detectorPlan("one", { patience: PATIENCE }), detectorPlan("two")]);

/** Metrics of detector `one` over one key with hourly readings; `labels` and `says` have one character each. */
function measure(
  labels: string,
  says: string,
  episodes: readonly Episode[] = [],
  first = 0,
): LabelMetrics {
  const rows = [...labels].map((sign, i): ScoredRow => {
    const score = says[i] === "." ? Number.NaN : 1;
    const said = { raw: score, p: score, score: 0, anomalous: says[i] === "!" };
    return {
      time: i * HOUR,
      label: sign === "?" ? Number.NaN : Number(sign),
      scores: [said, said],
    };
  });
  const { batch, output } = scored(rows);
  const meter = new LabelMeter(plan, 0);
  meter.add(batch, output, first, rows.length);
  return meter.finish(episodes)[0] as LabelMetrics;
}

describe("LabelMeter by row", () => {
  it("counts readings that have both a label and a score", () => {
    expect(measure("0011?1", ".!!-!!").rows).toMatchObject({
      truePositives: 2,
      falsePositives: 1,
      falseNegatives: 1,
      trueNegatives: 0,
      unscored: 1,
      precision: 2 / 3,
      recall: 2 / 3,
      f1: 2 / 3,
      falseAlarmRate: 1,
    });
  });

  it("has NaN rates without readings", () => {
    expect(measure("??", "--").rows).toMatchObject({ precision: Number.NaN, f1: Number.NaN });
  });

  it("ignores readings before the reported span", () => {
    expect(measure("0101", "!!!!", [], 2).rows).toMatchObject({
      truePositives: 1,
      falsePositives: 1,
    });
  });
});

describe("LabelMeter by event", () => {
  it("finds an event by its first anomalous reading, and measures the delay from its start", () => {
    const alert = episodeOf(3 * HOUR, 4 * HOUR);
    expect(measure("01110111", "!---!--!", [alert]).events).toMatchObject({
      told: 1,
      found: 1,
      missed: 1,
      recall: 0.5,
      medianDelayMs: 2 * HOUR,
      longestDelayMs: 2 * HOUR,
    });
  });

  it("counts an event as told only if an alert touches it", () => {
    expect(measure("0110110", "-!---!-").events).toMatchObject({ told: 0, found: 2, recall: 0 });
    const alerts = [episodeOf(HOUR, 5 * HOUR), episodeOf(5 * HOUR, 6 * HOUR)];
    expect(measure("0110110", "-!---!-", alerts).events).toMatchObject({ told: 2, recall: 1 });
    const held = [episodeOf(HOUR, HOUR, { notified: false })];
    expect(measure("0110110", "-!---!-", held).events).toMatchObject({ told: 0, found: 2 });
  });

  it("continues an event over missing labels", () => {
    expect(measure("?1??10", "!-!---").events).toMatchObject({ found: 1, missed: 0 });
  });

  it("does not count an event without a score as missed", () => {
    expect(measure("110110", "...---").events).toMatchObject({ unscored: 1, missed: 1, found: 0 });
  });

  it("counts an event that is open at the end", () => {
    expect(measure("0011", "---!").events).toMatchObject({ found: 1, medianDelayMs: HOUR });
  });

  it("starts an open event at the reported span", () => {
    expect(measure("01111", "-!--!", [], 3).events).toMatchObject({
      found: 1,
      medianDelayMs: HOUR,
    });
  });

  it("takes the mean of two middle delays as the median", () => {
    expect(measure("110111", "!---!-").events.medianDelayMs).toBe(HOUR / 2);
  });

  it("counts the anomalous readings of events beyond the patience", () => {
    expect(measure("1110011110", "!!!-----!-").lasting).toEqual({
      count: 1,
      readings: 4,
      anomalous: 1,
    });
  });
});

describe("LabelMeter with other thresholds", () => {
  it("has one entry per threshold, and counts false alerts by their peak", () => {
    const episodes = [0.6, 0.9, 0.99].map((anomalyScore) =>
      episodeOf(0, 0, { peak: evidenceOf({ anomalyScore }) }),
    );
    const { thresholds } = measure("0001", "----", episodes);
    expect(thresholds.map(({ threshold }) => Number(threshold.toFixed(3)))).toEqual([
      0.48, 0.495, 0.5, 0.75, 0.85, 0.95, 0.985, 0.995,
    ]);
    expect(thresholds.map(({ contamination }) => contamination)[2]).toBe(0.01);
    expect(thresholds.map(({ falseAlarms }) => falseAlarms)).toEqual([
      Number.NaN,
      Number.NaN,
      ...[3, 2, 2, 1, 1, 0],
    ]);
  });

  it("lists missed events with their times and peaks", () => {
    const { missedEvents } = measure("0110010", "---.!--");
    expect(missedEvents).toEqual([
      {
        key: 0,
        startedAt: HOUR,
        endedAt: 2 * HOUR,
        scored: 2,
        anomalous: 0,
        delayMs: Number.NaN,
        peakScore: 0,
        peakAt: HOUR,
      },
      expect.objectContaining({ startedAt: 5 * HOUR, endedAt: 5 * HOUR }),
    ]);
  });
});

describe("LabelMeter by alert", () => {
  it("counts an alert as false if it touches no event of its key", () => {
    const episodes = [
      episodeOf(0, HOUR), // ends where the event starts
      episodeOf(2 * HOUR, 5 * HOUR), // starts where it ends
      episodeOf(3 * HOUR, 4 * HOUR),
      episodeOf(2 * HOUR, 2 * HOUR, { key: 1 }),
      episodeOf(3 * HOUR, 4 * HOUR, { notified: false }),
      episodeOf(3 * HOUR, 4 * HOUR, { detector: 1 }),
    ];
    const metrics = measure("0110000", "-!!-!-!", episodes);
    expect(metrics.falseAlarms).toBe(2);
    expect(metrics.falseAlarmsPerDay).toBeCloseTo((2 * DAY) / (6 * HOUR), 12);
    expect(metrics.events.precision).toBe(0.5);
    expect(metrics.events.f1).toBeCloseTo(2 / 3, 12);
  });

  it("accepts an alert that touches an event before the reported span", () => {
    expect(measure("0100000", "-!-----", [episodeOf(HOUR, 4 * HOUR)], 3).falseAlarms).toBe(0);
  });

  it("has no daily rate for a single reading", () => {
    expect(measure("0", "-").falseAlarmsPerDay).toBeNaN();
  });
});

/** Slow and obvious: the definitions of the doc comments, over all readings. */
function slowly(rows: readonly ScoredRow[], episodes: readonly Episode[], detector: number) {
  const events: { key: number; rows: ScoredRow[] }[] = [];
  for (const key of [0, 1]) {
    let event: ScoredRow[] | null = null;
    for (const row of rows.filter((candidate) => candidate.key === key)) {
      if (row.label === 1 && event === null) {
        event = [];
        events.push({ key, rows: event });
      }
      if (row.label === 0) event = null;
      event?.push(row);
    }
  }
  const isScored = (row: ScoredRow) => !Number.isNaN(row.scores[detector]?.raw);
  const isAnomalous = (row: ScoredRow) => row.scores[detector]?.anomalous === true;
  const scoredRows = rows.filter(isScored);
  const count = (label: number, anomalous: boolean) =>
    scoredRows.filter((row) => row.label === label && isAnomalous(row) === anomalous).length;
  const seen = events.filter((event) => event.rows.some(isScored));
  const found = seen.filter((event) => event.rows.some(isAnomalous));
  const alerts = episodes.filter((episode) => episode.detector === detector && episode.notified);
  const meets = (alert: Episode, { key, rows: inside }: (typeof events)[number]) => {
    const [from, to] = [inside[0]?.time ?? 0, inside.at(-1)?.time ?? 0];
    return key === alert.key && from <= alert.lastAnomalyAt && to >= alert.startedAt;
  };
  const scoreOf = (row: ScoredRow) => row.scores[detector]?.score ?? Number.NaN;
  const peakOf = (event: (typeof events)[number]) =>
    Math.max(...event.rows.filter(isScored).map(scoreOf));
  const share = (label: number, threshold: number) => {
    const of = scoredRows.filter((row) => row.label === label);
    return of.filter((row) => scoreOf(row) >= threshold).length / of.length;
  };
  return {
    rows: [count(1, true), count(0, true), count(1, false), count(0, false)],
    told: seen.filter((event) => alerts.some((alert) => meets(alert, event))).length,
    found: found.length,
    missed: seen.length - found.length,
    unscored: events.length - seen.length,
    missedPeaks: seen
      .filter((event) => !event.rows.some(isAnomalous))
      .map(peakOf)
      .sort(),
    at: (threshold: number) => ({
      recall: share(1, threshold),
      falseAlarmRate: share(0, threshold),
      found: seen.filter((event) => peakOf(event) >= threshold).length,
      missed: seen.filter((event) => peakOf(event) < threshold).length,
    }),
    longestDelayMs: Math.max(
      ...found.map((event) => {
        const first = event.rows.find(isAnomalous);
        return (first?.time ?? Number.NaN) - (event.rows[0]?.time ?? Number.NaN);
      }),
    ),
    falseAlarms: alerts.filter((alert) => !events.some((event) => meets(alert, event))).length,
  };
}

const rowOf = fc.record({
  key: fc.integer({ min: 0, max: 1 }),
  label: fc.constantFrom(0, 0, 1, 1, Number.NaN),
  scores: fc.tuple(fc.constantFrom(".", "-", "!"), fc.constantFrom(".", "-", "!")),
  score: fc.double({ min: 0, max: 0.499, noNaN: true }),
});
const stretch = fc.record({
  from: fc.integer({ min: 0, max: 40 }),
  length: fc.integer({ min: 0, max: 5 }),
  key: fc.integer({ min: 0, max: 1 }),
  detector: fc.integer({ min: 0, max: 1 }),
  notified: fc.boolean(),
});

describe("LabelMeter", () => {
  it("equals a direct count, however the readings are cut into batches", () => {
    fc.assert(
      fc.property(
        fc.array(rowOf, { minLength: 1, maxLength: 40 }),
        fc.array(stretch, { maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 4 }),
        (raw, stretches, cuts) => {
          const rows = raw.map(({ key, label, scores, score }, i): ScoredRow => {
            const said = scores.map((sign) => {
              const raw = sign === "." ? Number.NaN : 1;
              const anomalous = sign === "!";
              return { raw, p: raw, score: anomalous ? score + 0.5 : score, anomalous };
            });
            return { time: Math.floor(i / 2) * HOUR, key, label, scores: said };
          });
          const episodes = stretches.map(({ from, length, ...changes }) =>
            episodeOf(from * HOUR, (from + length) * HOUR, changes),
          );
          const meter = new LabelMeter(plan, 0);
          for (const piece of cutAt(rows, cuts)) {
            const { batch, output } = scored(piece);
            if (piece.length > 0) meter.add(batch, output, 0, piece.length);
          }
          meter.finish(episodes).forEach((metrics, d) => {
            const { rows: byRow, events, falseAlarms, missedEvents, thresholds } = metrics;
            const { at, ...expected } = slowly(rows, episodes, d);
            expect(thresholds.length).toBeGreaterThan(5);
            for (const line of thresholds) expect(line).toMatchObject(at(line.threshold));
            expect(metrics.falseAlerts).toHaveLength(falseAlarms);
            expect({
              rows: [
                byRow.truePositives,
                byRow.falsePositives,
                byRow.falseNegatives,
                byRow.trueNegatives,
              ],
              told: events.told,
              found: events.found,
              missed: events.missed,
              unscored: events.unscored,
              missedPeaks: missedEvents.map(({ peakScore }) => peakScore).sort(),
              longestDelayMs: events.found > 0 ? events.longestDelayMs : Number.NEGATIVE_INFINITY,
              falseAlarms,
            }).toEqual(expected);
          });
        },
      ),
    );
  });

  it("rejects a batch without the label column", () => {
    const { batch, output } = scored([{ time: 0, scores: [] }]);
    expect(() => new LabelMeter(plan, 3).add(batch, output, 0, 1)).toThrow(RangeError);
  });
});
