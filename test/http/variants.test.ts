import { beforeEach, expect, it } from "vitest";
import { type Api, BUFFERS, DETECTORS, rows, setUp, startApi } from "./support.ts";

const ROOM = {
  name: "room",
  schema: { timestamp: "datetime", sensor_id: "str", temperature: "float", humidity: "float" },
  max_rows: 1000,
};
const DETECTOR = {
  name: "room_anomaly",
  algorithm: "ecod",
  features: ["temperature", "temperature_mean_5"],
  contamination: 0.05,
  warmup_period: 30,
};
const score = `${DETECTORS}/room_anomaly/score`;

let api: Api;

beforeEach(async () => {
  api = await startApi();
  await setUp(api);
});

it("answers 409 with the difference to each other definition, and keeps it as a variant", async () => {
  for (const repeated of [false, true]) {
    const buffer = await api.post(BUFFERS, ROOM);
    expect(buffer, `${repeated}`).toMatchObject({
      status: 409,
      body: {
        detail: expect.stringMatching(
          /schema\.humidity is left out, not "float"\. It is kept as a variant/,
        ),
      },
    });
    const detector = await api.post(DETECTORS, DETECTOR);
    expect(detector, `${repeated}`).toMatchObject({
      status: 409,
      body: {
        detail: expect.stringMatching(
          /features lacks "temperature", "temperature_mean_5" and has "mean_3", "std_3" too; warmup_period is 50, not 30\. It is kept as the variant room_anomaly~1/,
        ),
      },
    });
  }
  const { schema, max_rows } = ROOM;
  expect((await api.get(`${BUFFERS}/room`)).body).toMatchObject({
    schema: { timestamp: "datetime", sensor_id: "str", temperature: "float" },
    variants: [{ schema, max_rows, key: "sensor_id" }],
  });
  const variants = [{ name: "room_anomaly~1", features: DETECTOR.features, warmup_period: 30 }];
  expect((await api.get(`${DETECTORS}/room_anomaly`)).body).toMatchObject({ variants });
  expect((await api.get(DETECTORS)).body).toMatchObject({
    detectors: [{ name: "room_anomaly", variants }],
  });
});

it("scores with the variant that knows the posted features", async () => {
  await api.post(DETECTORS, DETECTOR);
  await api.post(`${BUFFERS}/room/append`, { rows: rows(60) });
  const { features } = (await api.get(`${BUFFERS}/room/features`)).body as {
    features: Record<string, number>;
  };
  const { mean_3, std_3, ...others } = features;
  const temperature = 21 + Math.sin(59 * 1.7) + 0.1 * (59 % 7);
  expect((await api.post(score, { features: { temperature, ...others } })).body).toMatchObject({
    variant: "room_anomaly~1",
    is_buffer_row: true,
    observations_seen: 60,
  });
  expect((await api.post(score, { features: { mean_3, std_3 } })).body).toMatchObject({
    variant: "room_anomaly",
    is_buffer_row: true,
  });
});

it("answers 422 with the known features if no definition knows any, and learns nothing", async () => {
  await api.post(DETECTORS, DETECTOR);
  const known = "mean_3, std_3, temperature, temperature_mean_5";
  const blind = { features: { humidity: 40, temp_mean: 20 } };
  const before = (await api.get(`${DETECTORS}/room_anomaly`)).body;
  const reply = await api.post(score, blind);
  expect(reply).toMatchObject({
    status: 422,
    body: {
      detail: expect.stringMatching(`Its features are: ${known}`),
      errors: [{ field: "features" }],
    },
  });
  const sighted = { features: { mean_3: 400 } };
  expect(await api.post(score, { rows: [sighted, blind] })).toMatchObject({
    status: 422,
    body: { errors: [{ field: "rows.1.features" }] },
  });
  expect((await api.get(`${DETECTORS}/room_anomaly`)).body).toEqual(before);
  const half = { features: { ...blind.features, ...sighted.features } };
  expect(await api.post(score, half)).toMatchObject({
    status: 200,
    body: { ignored_features: ["humidity", "temp_mean"] },
  });
});
