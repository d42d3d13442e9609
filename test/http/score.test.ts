import { expect, it } from "vitest";
import { BUFFERS, DETECTORS, rows, setUp, startApi } from "./support.ts";

const score = `${DETECTORS}/room_anomaly/score`;

it.each([
  ["an empty name", ""],
  ["a name that is too long", "s".repeat(257)],
])("a call with %s of a sensor among its rows learns from none of them", async (_, invalid) => {
  const api = await startApi();
  await setUp(api);
  await api.post(`${BUFFERS}/room/append`, { rows: rows(60) });
  const before = (await api.get(`${DETECTORS}/room_anomaly`)).body;
  const features = { mean_3: 400, std_3: 40 };
  const reply = await api.post(score, {
    rows: [{ features }, { features, sensor_id: invalid }, { features }],
  });
  expect(reply.status).toBe(422);
  expect(reply.body).toMatchObject({ errors: [{ field: "sensor_id" }] });
  expect((await api.get(`${DETECTORS}/room_anomaly`)).body).toEqual(before);
  const all = (await api.post(score, { rows: [{ features }, { features }] })).body;
  expect(all).toMatchObject({ results: [{ learned: true }, { learned: true }] });
});
