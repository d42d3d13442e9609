import { describe, expect, it } from "vitest";
import { pipelineSchema } from "../../src/config/schema/pipeline.ts";
import { StateMachine } from "../../src/service/state-machine.ts";
import { type Api, BUFFERS, rows, setUp, startApi } from "./support.ts";

const NONE = { idle: 0, ok: 0, warming: 0, anomalous: 0, info: 0, warning: 0, critical: 0 };

/** Readings of a sensor, a minute apart. */
function readings(sensor_id: string, temperatures: readonly number[], from = 0): object[] {
  return temperatures.map((temperature, i) => ({
    timestamp: new Date(1.7e12 + 60_000 * (from + i)).toISOString(),
    sensor_id,
    temperature,
  }));
}

/** A state machine with the pipeline `oven`, which is too hot above 200, twice. */
function ovenMachine(): StateMachine {
  const machine = new StateMachine();
  const document = {
    version: 1,
    buffer: { schema: { timestamp: "datetime", sensor_id: "str", temperature: "float" } },
    detectors: [
      {
        name: "too_hot",
        algorithm: "threshold",
        when: "temperature > 200",
        severity: "critical",
        alerts: { for: "2 of 2" },
      },
    ],
  };
  machine.execute({
    kind: "put_pipeline",
    name: "oven",
    config: pipelineSchema.parse(document),
    document: document,
  });
  return machine;
}

async function append(api: Api, name: string, ...lists: readonly object[][]): Promise<void> {
  for (const list of lists) await api.post(`${BUFFERS}/${name}/append`, { rows: list });
}

const stateOf = async (api: Api, name: string, sensor: string): Promise<unknown> => {
  const { body } = await api.get(`${BUFFERS}/${name}/sensors`);
  const { sensors } = body as { sensors: { sensor_id: string; state: string }[] };
  return sensors.find(({ sensor_id: id }) => id === sensor)?.state;
};

describe("the overview", () => {
  it("counts the sensors of each buffer by state", async () => {
    const api = await startApi();
    await setUp(api);
    await api.post(BUFFERS, { name: "plain", schema: { v: "float", sensor_id: "str" } });
    await append(api, "room", rows(80), readings("s2", [20, 21], 100_000));
    await append(api, "plain", [
      { v: 1, sensor_id: "a" },
      { v: 2, sensor_id: "b" },
    ]);
    await api.post("/v1/ml/anomaly/streaming/room_anomaly/score", { features: {} });
    const { body } = await api.get("/v1/ml/overview");
    expect(body).toMatchObject({
      version: "1.2.3",
      buffers: [
        {
          name: "room",
          kind: "buffer",
          rows_appended: 82,
          columns: ["temperature"],
          detectors: ["room_anomaly"],
          sensors: 2,
          states: { ...NONE, ok: 1, warming: 1 },
        },
        { name: "plain", detectors: [], sensors: 2, states: { ...NONE, idle: 2 } },
      ],
    });
  });
});

describe("the sensors of a buffer", () => {
  it("are anomalous at an anomalous row, and have an alert once the anomaly lasts", async () => {
    const api = await startApi({ machine: ovenMachine() });
    await append(api, "oven", readings("a", [20, 250]));
    expect(await stateOf(api, "oven", "a")).toBe("anomalous");
    await append(api, "oven", readings("a", [260], 2));
    expect(await stateOf(api, "oven", "a")).toBe("critical");
    const { body } = await api.get(`${BUFFERS}/oven/sensors`);
    expect(body).toMatchObject({
      name: "oven",
      sensor_count: 1,
      sensors: [
        {
          sensor_id: "a",
          timestamp: new Date(1.7e12 + 120_000).toISOString(),
          values: { temperature: 260 },
          alerts: [
            {
              detector: "too_hot",
              severity: "critical",
              started_at: new Date(1.7e12 + 60_000).toISOString(),
              summary: expect.stringContaining("temperature > 200"),
            },
          ],
        },
      ],
    });
    await append(api, "oven", readings("a", Array(20).fill(20), 3));
    expect(await stateOf(api, "oven", "a")).toBe("ok");
  });

  it("come the worst first, up to the limit", async () => {
    const api = await startApi({ machine: ovenMachine() });
    await append(api, "oven", readings("a", [20]), readings("b", [20]));
    await append(api, "oven", readings("c", [250, 250], 1), readings("d", [250], 3));
    const listed = async (query: string) => {
      const { body } = await api.get(`${BUFFERS}/oven/sensors${query}`);
      return (body as { sensors: { sensor_id: string }[] }).sensors.map((one) => one.sensor_id);
    };
    expect(await listed("")).toEqual(["c", "d", "a", "b"]);
    expect(await listed("?limit=2")).toEqual(["c", "d"]);
  });

  it("show the progress of the warm-up", async () => {
    const api = await startApi();
    await setUp(api);
    await append(api, "room", rows(20));
    await api.post("/v1/ml/anomaly/streaming/room_anomaly/score", { features: {} });
    const { body } = await api.get(`${BUFFERS}/room/sensors`);
    const { sensors } = body as { sensors: Record<string, unknown>[] };
    expect(sensors).toMatchObject([{ sensor_id: "s1", state: "warming" }]);
    const { observations_seen: seen, observations_needed: needed } = sensors[0] ?? {};
    expect(Number(seen) + Number(needed)).toBe(50);
    expect(Number(seen)).toBeGreaterThan(0);
  });

  it.each(["0", "1001", "-1", "x", ""])("reject limit=%s", async (limit) => {
    const api = await startApi();
    await setUp(api);
    expect((await api.get(`${BUFFERS}/room/sensors?limit=${limit}`)).status).toBe(422);
  });
});

describe("the trace of a sensor", () => {
  it("has its last rows with their scores, oldest first", async () => {
    const api = await startApi({ machine: ovenMachine() });
    await append(api, "oven", readings("a", [1, 2, 250]), readings("b", [7], 1));
    await append(api, "oven", readings("a", [3], 5));
    const { body } = await api.get(`${BUFFERS}/oven/trace?sensor_id=a&limit=3`);
    expect(body).toEqual({
      name: "oven",
      sensor_id: "a",
      timestamps: [1, 2, 5].map((minute) => new Date(1.7e12 + 60_000 * minute).toISOString()),
      values: { temperature: [2, 250, 3] },
      scores: { too_hot: [0, 1, 0] },
    });
  });

  it("rejects an unknown sensor", async () => {
    const api = await startApi({ machine: ovenMachine() });
    await append(api, "oven", readings("north", [1]));
    const unknown = await api.get(`${BUFFERS}/oven/trace?sensor_id=nroth`);
    expect(unknown).toMatchObject({ status: 404, body: { type: "urn:iotmon:problem:not-found" } });
    expect(JSON.stringify(unknown.body)).toContain("north");
    expect((await api.get(`${BUFFERS}/oven/trace`)).status).toBe(422);
  });
});
