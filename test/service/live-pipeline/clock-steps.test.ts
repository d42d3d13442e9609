import { describe, expect, it } from "vitest";
import { StateMachine } from "../../../src/service/state-machine.ts";
import { putRoom, roomDocument } from "../../support/live-pipeline.ts";
import { append } from "../../support/machine-commands.ts";
import { Random } from "../../support/random.ts";

const START = Date.UTC(2026, 2, 1);
const DAY = 86_400_000;
const NOW = { arrivalMs: START + DAY, strict: false };

const before = roomDocument();
/** With a window, a rule and a model more, which depend on time. */
const after = roomDocument({
  features: [
    ...(before.features ?? []),
    { name: "temp_mean_1m", column: "temperature", function: "mean", window: "1m" },
    { name: "temp_rate_30s", column: "temperature", function: "rate", window: "30s" },
  ],
  detectors: [
    ...(before.detectors ?? []),
    { name: "steady", algorithm: "stuck", column: "temperature", after: "40s", tolerance: 1 },
    { name: "gone", algorithm: "silent", after: "2m" },
    {
      name: "fast",
      algorithm: "rate_of_change",
      column: "temperature",
      per: "1s",
      max_rise: 0.5,
      max_fall: 0.5,
    },
  ],
});

/** Rows of two sensors; the times of the second one are what `timeOf` makes of them. */
function rowsOf(count: number, timeOf: (time: number, i: number) => number) {
  const random = new Random(5);
  return Array.from({ length: count }, (_, i) => {
    const time = START + 1000 * i;
    return {
      timestamp: new Date(i % 2 === 0 ? time : timeOf(time, i)).toISOString(),
      sensor_id: i % 2 === 0 ? "a" : "b",
      temperature: 22 + random.normal() / 2,
      humidity: 45,
    };
  });
}

/** Scores and alerts of the rows from `from` on, for a pipeline that changes at row `at`. */
function resultsOf(rows: ReturnType<typeof rowsOf>, at: number, from: number): unknown {
  let machine = new StateMachine();
  putRoom(machine, at === 0 ? after : before);
  const results: unknown[] = [];
  for (const [i, row] of rows.entries()) {
    if (i === at && at > 0) {
      machine = StateMachine.restore(machine.save(), (loss) => expect.fail(loss));
      putRoom(machine, after);
    }
    if (i === from) {
      machine.listen({
        rows: (_, { output }) => {
          const features = output.features.map(([value]) => value);
          const scores = output.scores.map(({ isAnomaly: [is] }) => is);
          const events = output.events.map(({ status, timestamp }) => [status, timestamp]);
          results.push({ features, scores, events });
        },
      });
    }
    append(machine, "room", [row], NOW);
  }
  return results;
}

describe("a pipeline whose sensor had its clock set, and that gets further windows and detectors", () => {
  const cases = {
    back: (time: number, i: number) => (i < 60 ? time : time - 40 * DAY),
    "forward from 1970": (time: number, i: number) => (i < 60 ? 1000 * i : time),
    "back and forward": (time: number, i: number) => (i < 40 || i > 90 ? time : time - 9000 * DAY),
  };
  for (const [name, timeOf] of Object.entries(cases)) {
    it(`goes on as if it had had them before: ${name}`, () => {
      const rows = rowsOf(400, timeOf);
      // old alerts differ: stored rows raise none
      expect(resultsOf(rows, 200, 280)).toEqual(resultsOf(rows, 0, 280));
    });
  }
});
