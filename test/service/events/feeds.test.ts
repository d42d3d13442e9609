import { describe, expect, it } from "vitest";
import type { EventType, StreamEvent } from "../../../src/service/events/event-ring.ts";
import { Feeds } from "../../../src/service/events/feeds.ts";
import { StateMachine } from "../../../src/service/state-machine.ts";
import { putRoom, roomRows } from "../../support/live-pipeline.ts";
import { append } from "../../support/machine-commands.ts";

const NOW = { arrivalMs: Date.UTC(2026, 0, 1), strict: false };

function followed(feeds: Feeds, types: readonly EventType[], after: number | null = null) {
  const events: StreamEvent[] = [];
  const state = { events, gone: false };
  const begun = feeds.follow(
    "room",
    {
      types: new Set(types),
      event: (event) => void events.push(event),
      gone: () => {
        state.gone = true;
      },
    },
    after,
  );
  return Object.assign(state, begun);
}

function feeding(ringBytes?: number) {
  const machine = new StateMachine();
  const feeds = new Feeds(machine, ringBytes);
  putRoom(machine);
  return { machine, feeds };
}

const hot = (machine: StateMachine, from: number) => {
  append(machine, "room", roomRows(1, from, 50), NOW);
  append(machine, "room", roomRows(4, from + 1, 22), NOW);
};

describe("the events of a pipeline", () => {
  it("have the requested types and increasing numbers", () => {
    const { machine, feeds } = feeding();
    const alerts = followed(feeds, ["alert"]);
    const scores = followed(feeds, ["score"]);
    append(machine, "room", roomRows(10), NOW);
    hot(machine, 10);
    expect(scores.events).toHaveLength(15);
    expect(alerts.events.map(({ data }) => JSON.parse(data).status)).toEqual([
      "firing",
      "resolved",
    ]);
    const numbers = [...scores.events, ...alerts.events].map(({ number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(JSON.parse(scores.events[10]?.data ?? "")).toMatchObject({
      sensor_id: "s1",
      scores: [
        { detector: "odd", is_anomaly: false, anomaly_score: 0, raw_score: null },
        { detector: "hot", is_anomaly: true, severity: "critical" },
      ],
      alerts: [{ detector: "hot", status: "firing", severity: "critical" }],
    });
  });

  it("continue after the last one that a follower received", () => {
    const { machine, feeds } = feeding();
    const first = followed(feeds, ["alert", "score"]);
    hot(machine, 0);
    const seen = first.events.slice(0, 3);
    const again = followed(feeds, ["alert", "score"], seen.at(-1)?.number);
    expect(again.gap).toBe(false);
    expect([...seen, ...again.missed]).toEqual(first.events);
  });

  it("include alerts from before the first follower, and report missing scores", () => {
    const { machine, feeds } = feeding();
    hot(machine, 0);
    expect(followed(feeds, ["alert"], 0)).toMatchObject({ gap: false, missed: { length: 2 } });
    expect(followed(feeds, ["score"], 0)).toMatchObject({ gap: true, missed: [] });
  });

  it("are limited in size, and report a gap", () => {
    const { machine, feeds } = feeding(4000);
    followed(feeds, ["score"]);
    append(machine, "room", roomRows(200), NOW);
    const late = followed(feeds, ["score"], 1);
    expect(late.gap).toBe(true);
    expect(late.missed.length).toBeGreaterThan(3);
    expect(late.missed.length).toBeLessThan(30);
    expect(late.missed.at(-1)?.number).toBe(200);
  });

  it("report a gap after an unknown number", () => {
    const { machine, feeds } = feeding();
    hot(machine, 0);
    expect(followed(feeds, ["alert"], 99)).toMatchObject({ gap: true, missed: { length: 2 } });
  });

  it("end with the pipeline", () => {
    const { machine, feeds } = feeding();
    const follower = followed(feeds, ["alert"]);
    machine.execute({ kind: "delete_pipeline", name: "room" });
    expect(follower.gone).toBe(true);
  });

  it("do not reach a follower who has stopped", () => {
    const { machine, feeds } = feeding();
    const follower = followed(feeds, ["score"]);
    follower.stop();
    append(machine, "room", roomRows(3), NOW);
    expect(follower.events).toEqual([]);
  });

  it("are rejected for an unknown name", () => {
    const { feeds } = feeding();
    const follower = { types: new Set<EventType>(["alert"]), event: () => {}, gone: () => {} };
    expect(() => feeds.follow("rooms", follower, null)).toThrow(/no buffer "rooms"/);
  });
});
