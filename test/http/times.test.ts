import { expect, it } from "vitest";
import { type Api, BUFFERS, PIPELINES, startApi } from "./support.ts";

const SCHEMA = { timestamp: "datetime", sensor_id: "str", temperature: "float" };

/** Row of a sensor on a day of January 2026; the server's clock shows January 2027. */
const row = (sensor: string, time: string, temperature = 20) => ({
  ...{ sensor_id: sensor, timestamp: time, temperature },
});

async function startPipeline(): Promise<Api> {
  const api = await startApi();
  const detectors = [{ name: "hot", algorithm: "threshold", when: "temperature > 40" }];
  await api.send("PUT", `${PIPELINES}/kiln`, { version: 1, buffer: { schema: SCHEMA }, detectors });
  return api;
}

const send = async (api: Api, ...rows: readonly object[]) =>
  (await api.post(`${PIPELINES}/kiln/readings`, { rows })).body as {
    readonly rows_appended: number;
    readonly rows_rejected: number;
    readonly results: readonly object[];
  };

it("a row that is too far ahead of its arrival is rejected, with a warning", async () => {
  const api = await startApi();
  await api.post(BUFFERS, { name: "room", schema: SCHEMA });
  const rows = [row("a", "2027-01-15T08:00:00Z"), row("b", "2027-01-15T08:20:00Z")];
  const { body } = await api.post(`${BUFFERS}/room/append`, { rows });
  expect(body).toMatchObject({ rows_appended: 1, rows_rejected: 1 });
  expect(JSON.stringify(body)).toContain("is 20m ahead of its arrival: the row is rejected");
  expect(await api.get(`${BUFFERS}/room`)).toMatchObject({ body: { sensors: 1 } });
  const metrics = (await api.get("/metrics")).body;
  expect(metrics).toContain('iotmon_readings_ahead_total{buffer="room"} 1');
});

it("a rejected row has its reason among the results", async () => {
  const api = await startPipeline();
  const answer = await send(
    api,
    row("a", "2027-01-15T08:00:00Z"),
    row("b", "2027-01-15T08:20:00Z"),
    row("a", "2027-01-15T08:00:01Z"),
  );
  expect(answer).toMatchObject({ rows_appended: 2, rows_rejected: 1 });
  const error =
    'timestamp: "2027-01-15T08:20:00.000Z" is 20m ahead of its arrival: the row is rejected';
  expect(answer.results).toMatchObject([{ row: 1 }, { row: 2, error }, { row: 3 }]);
});

it("a row far ahead of all others waits for the next one of its sensor, which confirms it", async () => {
  const api = await startPipeline();
  await send(api, row("a", "2026-01-01T00:00:00Z"), row("b", "2026-01-01T00:00:01Z"));
  const waits = await send(
    api,
    row("b", "2026-01-01T00:00:02Z"),
    row("a", "2026-01-09T00:00:00Z", 50),
    row("b", "2026-01-01T00:00:03Z"),
  );
  expect(waits).toMatchObject({ rows_appended: 2, rows_rejected: 0 });
  const error =
    "2026-01-09T00:00:00.000Z is 7d 23h ahead of 2026-01-01T00:00:02.000Z: the row waits until the next one of its sensor confirms it";
  expect(waits.results).toMatchObject([{ row: 1 }, { row: 2, error }, { row: 3 }]);
  const confirms = await send(api, row("a", "2026-01-09T00:00:05Z"));
  expect(confirms).toMatchObject({ rows_appended: 2, results: [{ row: 1, sensor_id: "a" }] });
  expect(confirms.results).toHaveLength(1);
  const { body } = await api.get(`${BUFFERS}/kiln/rows`);
  expect((body as { rows: { temperature: number }[] }).rows.map((one) => one.temperature)).toEqual([
    20, 20, 20, 20, 50, 20,
  ]);
});

it("a row far ahead is rejected when the next one of its sensor goes on before it", async () => {
  const api = await startPipeline();
  await send(api, row("a", "2026-01-01T00:00:00Z"));
  const { rows_appended, results } = await send(
    api,
    row("a", "2026-03-01T00:00:00Z"),
    row("a", "2026-01-01T00:00:05Z"),
  );
  expect(rows_appended).toBe(1);
  expect(results).toMatchObject([
    { row: 1, error: expect.stringContaining("and the next row of its sensor is not") },
    { row: 2, timestamp: "2026-01-01T00:00:05.000Z" },
  ]);
  const metrics = (await api.get("/metrics")).body;
  expect(metrics).toContain('iotmon_readings_ahead_total{buffer="kiln"} 1');
});

it("metrics count sensors that run ahead of all others", async () => {
  const api = await startPipeline();
  await send(api, row("a", "2026-01-01T00:00:00Z"), row("b", "2026-01-01T00:00:01Z"));
  for (const second of [10, 20, 30]) {
    await send(
      api,
      row("a", `2026-01-01T00:00:${second}Z`),
      row("b", `2026-02-01T00:00:${second}Z`),
    );
  }
  const metrics = (await api.get("/metrics")).body;
  expect(metrics).toContain('iotmon_clocks_ahead_total{buffer="kiln"} 1');
  expect(metrics).not.toContain('iotmon_readings_ahead_total{buffer="kiln"}');
});

it("a sensor that goes on in the past has had its clock set, which metrics count", async () => {
  const api = await startPipeline();
  await send(api, row("a", "2026-03-01T00:00:00Z"), row("a", "2026-03-01T00:00:01Z"));
  await send(api, ...[1, 2, 3, 4].map((second) => row("a", `2026-01-01T00:00:0${second}Z`)));
  const metrics = (await api.get("/metrics")).body;
  expect(metrics).toContain('iotmon_clock_steps_total{buffer="kiln"} 1');
});

it("results name only rows of their own call when rows wait to be sorted", async () => {
  const api = await startApi();
  const source = { type: "http", time: { lateness: "1m" } };
  const detectors = [{ name: "hot", algorithm: "threshold", when: "temperature > 40" }];
  const document = { version: 1, source, buffer: { schema: SCHEMA }, detectors };
  await api.send("PUT", `${PIPELINES}/kiln`, document);
  expect(await send(api, row("a", "2026-01-01T00:00:00Z"))).toMatchObject({ results: [] });
  const second = ["00:05:00", "00:03:00", "00:02:00"].map((time) =>
    row("a", `2026-01-01T${time}Z`),
  );
  const { results } = await send(api, ...second);
  expect(results).toMatchObject([{ row: 2 }, { row: 3 }]);
  expect(results).toHaveLength(2);
});
