import { expect, it } from "vitest";
import { type Api, BUFFERS, DETECTORS, rows, setUp, startApi } from "./support.ts";

async function metricsOf(api: Api): Promise<ReadonlyMap<string, number>> {
  const text = (await api.get("/metrics")).body as string;
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(" ");
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

it("metrics count readings, rejected cells, scores, alarms and requests", async () => {
  const api = await startApi();
  await setUp(api);
  await api.post(`${BUFFERS}/room/append`, { rows: rows(80) });
  await api.post(`${BUFFERS}/room/append`, {
    rows: [{ ...rows(81)[80], temperature: "warm" }],
  });
  const { features } = (await api.get(`${BUFFERS}/room/features`)).body as { features: object };
  await api.post(`${DETECTORS}/room_anomaly/score`, { features });
  await api.get("/nope/1");
  await api.get("/nope/2");
  const metrics = await metricsOf(api);
  expect(metrics.get('iotmon_readings_total{buffer="room"}')).toBe(81);
  expect(metrics.get('iotmon_rejected_cells_total{buffer="room"}')).toBe(1);
  expect(metrics.get('iotmon_buffer_rows{buffer="room"}')).toBe(81);
  expect(metrics.get('iotmon_score_seconds_count{detector="room_anomaly"}')).toBe(1);
  expect(metrics.get('iotmon_scored_readings{detector="room_anomaly"}')).toBeGreaterThan(0);
  expect(metrics.get('iotmon_alarm_rate{detector="room_anomaly"}')).toBeLessThan(1);
  expect(
    metrics.get(
      `iotmon_http_requests_total{method="POST",route="${BUFFERS}/:name/append",status="200"}`,
    ),
  ).toBe(2);
  expect(metrics.get('iotmon_http_requests_total{method="GET",route="none",status="404"}')).toBe(2);
  expect([...metrics.keys()].join()).toContain("nodejs_eventloop_lag_seconds");
});

it("metrics drop the series of deleted buffers and detectors", async () => {
  const api = await startApi();
  await setUp(api);
  await api.post(`${BUFFERS}/room/append`, { rows: rows(3) });
  await api.post(`${DETECTORS}/room_anomaly/score`, { features: {} });
  await api.send("DELETE", `${DETECTORS}/room_anomaly`);
  await api.send("DELETE", `${BUFFERS}/room`);
  expect([...(await metricsOf(api)).keys()].filter((key) => /"room/.test(key))).toEqual([]);
});
