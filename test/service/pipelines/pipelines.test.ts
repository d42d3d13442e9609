import { describe, expect, it } from "vitest";
import { StateMachine } from "../../../src/service/state-machine.ts";
import { putRoom, roomDocument, roomRows } from "../../support/live-pipeline.ts";
import { append } from "../../support/machine-commands.ts";

const NOW = { arrivalMs: Date.UTC(2026, 0, 1), strict: false };

function warmHub(): StateMachine {
  const machine = new StateMachine();
  putRoom(machine);
  append(machine, "room", roomRows(100), NOW);
  return machine;
}

/** Observations of a detector and its open episodes. */
function standing(machine: StateMachine, name: string): unknown {
  const { pipeline } = machine.pipeline("room");
  const index = pipeline.shape.detectors.findIndex((detector) => detector.name === name);
  const detector = pipeline.shape.detectors[index];
  if (detector === undefined) return null;
  const open = pipeline.openEpisodes().filter((episode) => episode.detector === index).length;
  return { seen: pipeline.observations.status(detector, 0)?.observationsSeen, open };
}

describe("putting a pipeline", () => {
  it("creates it, and does nothing the second time", () => {
    const machine = new StateMachine();
    expect(putRoom(machine)).toMatchObject({ creation: "created", kept: [], reset: [] });
    append(machine, "room", roomRows(100), NOW);
    expect(putRoom(machine)).toMatchObject({ creation: "exists", reset: [] });
    expect(machine.buffer("room").currentRows).toBe(100);
  });

  it("keeps everything when a feature and a detector are added", () => {
    const machine = warmHub();
    const document = roomDocument();
    const put = putRoom(machine, {
      ...document,
      features: [
        ...(document.features ?? []),
        { name: "hum_max_9", column: "humidity", function: "max", window: 9 },
      ],
      detectors: [
        ...(document.detectors ?? []),
        { name: "stuck", algorithm: "stuck", column: "humidity", after: "5m" },
      ],
    });
    expect(put).toMatchObject({ creation: "replaced", reset: [] });
    expect(put.kept).toEqual([
      "rows",
      "features.temp_mean_5",
      "detectors.odd",
      "detectors.hot",
      "detectors.quiet",
    ]);
    expect(machine.features("room").features.get("hum_max_9")).toBeGreaterThan(45);
    expect(standing(machine, "odd")).toMatchObject({ seen: 100 });
  });

  it("gives the same scores as without the addition", () => {
    const [changed, plain] = [warmHub(), warmHub()];
    putRoom(
      changed,
      roomDocument({
        features: [
          { name: "hum_max_9", column: "humidity", function: "max", window: 9 },
          { name: "temp_mean_5", column: "temperature", function: "mean", window: 5 },
        ],
      }),
    );
    const rows = roomRows(50, 100);
    const scores = (machine: StateMachine) => append(machine, "room", rows, NOW).results;
    expect(scores(changed)).toEqual(scores(plain));
  });

  it("restarts the alerts of a detector when only they change, and keeps its model", () => {
    const machine = warmHub();
    append(machine, "room", roomRows(2, 100, 50), NOW);
    expect(standing(machine, "hot")).toMatchObject({ open: 1 });
    const put = putRoom(machine, roomDocument({ alerts: { resolve_after: 5 } }));
    expect(put.kept).toContain("detectors.odd");
    // a silent one ends with the next reading, whatever resolve_after says
    expect(put.reset).toEqual(["detectors.odd.alerts", "detectors.hot.alerts"]);
    expect(standing(machine, "odd")).toMatchObject({ seen: 102, open: 0 });
    expect(standing(machine, "hot")).toMatchObject({ open: 0 });
  });

  it("keeps everything when a unit changes, and uses the new unit in explanations", () => {
    const machine = warmHub();
    append(machine, "room", roomRows(2, 100, 50), NOW);
    const summaries = () =>
      machine.queries
        .sensors("room", 1)
        .flatMap(({ alerts }) => alerts.map(({ summary }) => summary));
    expect(summaries()).toContain("s1: temperature 50: temperature > 40.");
    const { buffer, ...document } = roomDocument();
    const columns = { temperature: { unit: "°C" } };
    const put = putRoom(machine, { ...document, buffer: { ...buffer, columns } });
    expect(put).toMatchObject({ creation: "replaced", reset: [] });
    expect(summaries()).toContain("s1: temperature 50 °C: temperature > 40.");
  });

  it("resets a detector whose feature has changed, and no other", () => {
    const machine = warmHub();
    const put = putRoom(
      machine,
      roomDocument({
        features: [{ name: "temp_mean_5", column: "temperature", function: "mean", window: 6 }],
      }),
    );
    expect(put.reset).toEqual(["features.temp_mean_5", "detectors.odd"]);
    expect(put.kept).toEqual(["rows", "detectors.hot", "detectors.quiet"]);
  });

  it("deletes parts that the document no longer has", () => {
    const machine = warmHub();
    const [odd] = roomDocument().detectors ?? [];
    const put = putRoom(machine, roomDocument({ detectors: odd === undefined ? [] : [odd] }));
    expect(put.reset).toEqual(["detectors.hot", "detectors.quiet"]);
    expect(machine.buffer("room").detectors).toEqual(["odd"]);
  });

  it("survives a save, with the document as it was written", () => {
    const machine = warmHub();
    putRoom(machine, roomDocument({ alerts: { resolve_after: 5 } }));
    const restored = StateMachine.restore(machine.save(), (message) => expect.fail(message));
    expect(restored.pipeline("room").document).toEqual(
      roomDocument({ alerts: { resolve_after: 5 } }),
    );
    expect(standing(restored, "odd")).toEqual(standing(machine, "odd"));
    const rows = roomRows(50, 100);
    expect(append(restored, "room", rows, NOW).results).toEqual(
      append(machine, "room", rows, NOW).results,
    );
  });
});

describe("an implausible value", () => {
  it("counts as null and is reported, also after the range has changed", () => {
    const machine = new StateMachine();
    const document = roomDocument();
    const within = (max: number) => ({
      ...document,
      buffer: { ...document.buffer, columns: { humidity: { unit: "%", min: 0, max } } },
    });
    putRoom(machine, within(100));
    const [row] = roomRows(1);
    const appended = append(machine, "room", [{ ...row, humidity: 101 }], NOW);
    expect(appended.warnings).toEqual([
      { field: "rows.0.humidity", message: "101 is above 100: it counts as null" },
    ]);
    expect(putRoom(machine, within(200))).toMatchObject({ creation: "replaced", reset: [] });
    expect(append(machine, "room", [{ ...row, humidity: 101 }], NOW).warnings).toEqual([]);
    const strict = { ...NOW, strict: true };
    expect(() => append(machine, "room", [{ ...row, humidity: -1 }], strict)).toThrow(
      "-1 is below 0",
    );
  });
});
