import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { roomDocument, roomRows } from "../support/live-pipeline.ts";
import { type Api, PIPELINES, startApi } from "./support.ts";

const ROOM = `${PIPELINES}/room`;
const NDJSON = { "content-type": "application/x-ndjson" };

async function withRoom(): Promise<Api> {
  const api = await startApi();
  expect(await api.send("PUT", ROOM, roomDocument())).toMatchObject({ status: 201 });
  return api;
}

const lines = (text: unknown): Record<string, unknown>[] =>
  String(text)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

type Results = { readonly results: readonly Record<string, unknown>[] };

const results = ({ body }: { body: unknown }) => (body as Results).results;

/** A result without its number, which depends on the call. */
const unnumbered = ({ row: _, ...result }: Record<string, unknown>) => result;

/** 300 rows, some of them hot, one of them far off. */
const stream = [...roomRows(200), ...roomRows(3, 200, 50), ...roomRows(97, 203)];

describe("a pipeline over HTTP", () => {
  it("is the same as YAML and as JSON", async () => {
    const api = await withRoom();
    const yaml = JSON.stringify(roomDocument(), null, 2); // JSON is YAML
    const again = await api.send("PUT", ROOM, yaml, { "content-type": "application/yaml" });
    expect(again).toMatchObject({ status: 200, body: { status: "exists", reset: [] } });
  });

  it("is answered with the opening lines of its rows", async () => {
    const api = await startApi();
    const source = { type: "http", time: { format: "%d/%m/%Y %H:%M" }, missing: { temp: [85] } };
    const schema = { at: "datetime", probe: "str", temp: "float", spare: "float", note: "str" };
    const { body } = await api.send("PUT", "/v1/ml/pipelines/opened", {
      ...{ version: 1, source, buffer: { schema, key: "probe" } },
      detectors: [{ name: "hot", algorithm: "threshold", when: "temp > 40" }],
    });
    expect(body).toMatchObject({
      opening: [
        "format: rows that clients send",
        'time: "at", %d/%m/%Y %H:%M',
        'sensors: named by "probe"',
        "watched: temp",
        "not watched: spare (no detector uses it), note (text)",
        "taken as missing: temp 85",
      ],
    });
    const plain = await api.send("PUT", "/v1/ml/pipelines/plain", {
      ...{ version: 1, buffer: { schema: { temp: "float" }, key: null } },
    });
    expect(plain.body).toMatchObject({
      opening: [
        "format: rows that clients send",
        "time: that of the arrival: no column holds a time",
        'sensors: one, "plain": no column names it',
        "watched: temp",
      ],
    });
  });

  it("renames fields of rows as its source says", async () => {
    const api = await startApi();
    const source = {
      type: "http",
      rename: { temp: "temperature", "relative humidity": "humidity" },
    };
    const put = await api.send("PUT", ROOM, { ...roomDocument(), source });
    expect(put).toMatchObject({ status: 201, body: { warnings: [] } });
    const sent = { sensor_id: "a", temp: 21, "relative humidity": 40, temperature: 99 };
    const answer = await api.post(`${ROOM}/readings`, {
      timestamp: "2026-03-01T09:30:00Z",
      ...sent,
    });
    expect(answer).toMatchObject({ status: 200, body: { ignored_columns: [] } });
    const newest = async () =>
      ((await api.get("/v1/ml/polars/buffers/room/rows?limit=1")).body as { rows: object[] })
        .rows[0];
    expect(await newest()).toMatchObject({ temperature: 21, humidity: 40 });
    await api.send("PUT", ROOM, roomDocument());
    await api.post(`${ROOM}/readings`, { timestamp: "2026-03-01T09:31:00Z", ...sent });
    expect(await newest()).toMatchObject({ temperature: 99, humidity: null });
  });

  it("shows its document without secrets, and the state of its sensors", async () => {
    const api = await startApi();
    const sinks = [
      {
        type: "webhook" as const,
        url: "https://example.org/hook?token=geheim",
        headers: { authorization: "Bearer geheim" },
        secret: "whsec_Z2VoZWltZ2VoZWltZ2VoZWltZ2VoZWlt",
      },
    ];
    const put = await api.send("PUT", ROOM, roomDocument({ sinks }));
    expect(put.status, JSON.stringify(put.body)).toBe(201);
    await api.post(`${ROOM}/readings`, roomRows(1, 0, 50));
    const { body } = await api.get(ROOM);
    expect(JSON.stringify(body)).not.toMatch(/geheim|Z2Vo/);
    expect(body).toMatchObject({
      origin: "http",
      open_episodes: 1,
      document: { sinks: [{ url: "https://example.org/…", secret: "***" }] },
      sensor_states: { s1: { detectors: { hot: { open: { severity: "critical" } } } } },
    });
  });

  it("shows its sensors in pages, in order of appearance", async () => {
    const api = await startApi();
    await api.send("PUT", ROOM, roomDocument());
    const sensors = Array.from({ length: 23 }, (_, i) => `${(i * 7) % 23}`);
    const rows = sensors.map((sensor_id) => ({ sensor_id, temperature: 20 }));
    await api.post(`${ROOM}/readings`, { rows });
    const seen: string[] = [];
    for (let after: string | null = ""; after !== null; ) {
      const query = after === "" ? "" : `&after=${after}`;
      const { body } = await api.get(`${ROOM}?limit=10${query}`);
      const page = body as { sensors: number; sensor_states: object; next_after: string | null };
      expect(page.sensors).toBe(23);
      const expected = sensors.slice(seen.length, seen.length + 10);
      expect(Object.keys(page.sensor_states).sort()).toEqual([...expected].sort());
      seen.push(...expected);
      expect(page.next_after).toBe(seen.length < 23 ? seen.at(-1) : null);
      after = page.next_after;
    }
    expect(seen).toEqual(sensors);
    expect((await api.get(`${ROOM}?after=lost`)).status).toBe(404);
    expect((await api.get(`${ROOM}?limit=1001`)).status).toBe(422);
  });

  it("cannot use variables of the server", async () => {
    const api = await startApi();
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what a client may send
    const sinks = [{ type: "webhook" as const, url: "${HOME:-https://example.org}" }];
    const { status, body } = await api.send("PUT", ROOM, roomDocument({ sinks }));
    expect(status).toBe(422);
    expect(body).toMatchObject({ errors: [{ field: "sinks.0.url" }] });
    expect(JSON.stringify(body)).toMatch(/variables are not replaced/);
  });

  it("lists all faults with their fields", async () => {
    const api = await startApi();
    const { body } = await api.send("PUT", ROOM, { ...roomDocument(), detecters: [], alerts: 5 });
    const { errors } = body as { errors: { field: string; hint?: string }[] };
    expect(errors.map(({ field }) => field).sort()).toEqual(["alerts", "detecters"]);
    expect(errors.find(({ field }) => field === "detecters")?.hint).toMatch(/"detectors"/);
  });

  it("cannot have the name of a buffer", async () => {
    const api = await withRoom();
    const buffer = { name: "room", schema: { v: "float" } };
    expect((await api.post("/v1/ml/polars/buffers", buffer)).status).toBe(409);
    await api.post("/v1/ml/polars/buffers", { ...buffer, name: "hall" });
    expect((await api.send("PUT", `${PIPELINES}/hall`, roomDocument())).status).toBe(409);
  });

  it("is unknown after its deletion", async () => {
    const api = await withRoom();
    expect((await api.send("DELETE", ROOM)).status).toBe(200);
    expect((await api.get(ROOM)).status).toBe(404);
    expect((await api.send("DELETE", ROOM)).status).toBe(404);
  });
});

describe("readings", () => {
  it("get the same scores one by one, in one call and as a stream of lines", async () => {
    const [single, whole, lined] = [await withRoom(), await withRoom(), await withRoom()];
    const one: unknown[] = [];
    for (const row of stream) {
      const [result = {}] = results(await single.post(`${ROOM}/readings`, row));
      one.push(unnumbered(result));
    }
    const all = results(await whole.post(`${ROOM}/readings`, { rows: stream }));
    expect(all.map(({ row }) => row)).toEqual(stream.map((_, i) => i + 1));
    expect(all.map(unnumbered)).toEqual(one);
    const text = stream.map((row) => JSON.stringify(row)).join("\n");
    const answer = await lined.send("POST", `${ROOM}/readings`, text, NDJSON);
    const [summary, ...replies] = lines(answer.body).reverse();
    expect(replies.reverse()).toEqual(all);
    expect(summary).toMatchObject({ summary: { rows_appended: 300 } });
    expect(all.filter(({ alerts }) => (alerts as unknown[]).length > 0)).not.toEqual([]);
  });

  it("have results only if the query asks for them", async () => {
    const api = await withRoom();
    const hot = roomRows(1, 20, 50);
    const rows = [...roomRows(20), ...hot];
    const some = results(await api.post(`${ROOM}/readings?results=anomalies`, rows));
    expect(some.map(({ row }) => row)).toEqual([21]);
    const none = await api.post(`${ROOM}/readings?results=none`, roomRows(5, 21));
    expect(none.body).toMatchObject({ rows_appended: 5, results: [] });
  });

  it("lose only the bad rows, which have an error", async () => {
    const api = await withRoom();
    const good = roomRows(2);
    const replies = results(
      await api.post(`${ROOM}/readings`, [good[0], 7, null, { ...good[1], temperature: "warm" }]),
    );
    expect(replies).toMatchObject([
      { row: 1, sensor_id: "s1" },
      { row: 2, error: expect.stringMatching(/not a number/) },
      { row: 3, error: expect.stringMatching(/not null/) },
      { row: 4, warnings: [{ field: "temperature" }] },
    ]);
  });

  it("lose only the lines that are not JSON", async () => {
    const api = await withRoom();
    const [one, two] = roomRows(2).map((row) => JSON.stringify(row));
    const body = `${one}\n{"a":1},{"b":2}\n\n{bad\n${two}`;
    const replies = lines((await api.send("POST", `${ROOM}/readings`, body, NDJSON)).body);
    expect(replies).toMatchObject([
      { row: 1, sensor_id: "s1" },
      { row: 2, error: expect.stringMatching(/^not JSON/) },
      { row: 3, error: expect.stringMatching(/^not JSON/) },
      { row: 4, sensor_id: "s1" },
      { summary: { rows_appended: 2, rows_rejected: 2 } },
    ]);
  });

  it("lose lines that are JSON only together with others", async () => {
    const api = await withRoom();
    const body = '{"a":[{}\n{}]}\n{"a":1},{"b":2}';
    const replies = lines((await api.send("POST", `${ROOM}/readings`, body, NDJSON)).body);
    const error = expect.stringMatching(/^not JSON/);
    expect(replies).toMatchObject([{ row: 1, error }, { row: 2, error }, { row: 3, error }, {}]);
  });

  it("may be split anywhere in the stream", async () => {
    const api = await withRoom();
    const text = Buffer.from(
      roomRows(20)
        .map((row) => JSON.stringify({ ...row, sensor_id: "Küche" }))
        .join("\n"),
    );
    const cut = Array.from({ length: text.length / 7 + 1 }, (_, i) =>
      text.subarray(7 * i, 7 * i + 7),
    );
    const reply = await api.app.inject({
      method: "POST",
      url: `${ROOM}/readings`,
      headers: { host: "localhost", ...NDJSON },
      payload: Readable.from(cut),
    });
    const replies = lines(reply.body);
    expect(replies.slice(0, -1).every(({ sensor_id: sensor }) => sensor === "Küche")).toBe(true);
    expect(replies.at(-1)).toMatchObject({ summary: { rows_appended: 20, rows_rejected: 0 } });
  });

  it("cannot be a stream on other paths", async () => {
    const api = await withRoom();
    const reply = await api.send("POST", "/v1/ml/polars/buffers", "{}", NDJSON);
    expect(reply.status).toBe(415);
  });
});

describe("a receiver in an inner network", () => {
  const inner = [
    "http://127.0.0.1:9093/hook",
    "http://10.0.0.5/",
    "http://169.254.169.254/latest/meta-data",
    "http://[::1]:8080/",
    "http://0x7f.1/",
    "http://localhost:9000/",
    "http://x.localhost/",
  ];

  it.each(inner)("makes a pipeline invalid: %s", async (url) => {
    const api = await startApi();
    const good = { type: "webhook" as const, url: "https://example.org/hook" };
    const sinks = [good, { type: "webhook" as const, url }];
    const put = await api.send("PUT", ROOM, roomDocument({ sinks }));
    expect(put.status).toBe(422);
    expect(put.body).toMatchObject({
      errors: [
        { field: "sinks.1.url", message: expect.stringContaining("is in an inner network") },
      ],
    });
    const beating = await api.send("PUT", ROOM, roomDocument({ heartbeat: { url } }));
    expect(beating.body).toMatchObject({ status: 422, errors: [{ field: "heartbeat.url" }] });
  });

  it.each(["10.0.0.5", "127.0.0.1", "fd00::1"])(
    "makes a pipeline invalid if a name resolves to %s now",
    async (address) => {
      const asked: string[] = [];
      const api = await startApi({
        lookup: (name, _, callback) => {
          asked.push(name);
          const outer = { address: "93.184.216.34", family: 4 };
          const found = name === "hook.example.org" ? [outer, { address, family: 4 }] : [outer];
          callback(null, found);
        },
      });
      const sinks = ["https://example.org/hook", "https://hook.example.org/"].map((url) => {
        return { type: "webhook" as const, url };
      });
      const put = await api.send("PUT", ROOM, roomDocument({ sinks }));
      expect(put.body).toMatchObject({
        status: 422,
        errors: [
          {
            field: "sinks.1.url",
            message: expect.stringContaining(
              `hook.example.org resolves to ${address}, which is in an inner network`,
            ),
          },
        ],
      });
      expect(asked.sort()).toEqual(["example.org", "hook.example.org"]);
      const others = await api.send("PUT", ROOM, roomDocument({ sinks: sinks.slice(0, 1) }));
      expect(others.status).toBe(201);
    },
  );

  it("may have a name that does not resolve now", async () => {
    const api = await startApi();
    const sinks = [{ type: "webhook" as const, url: "https://nowhere.example/hook" }];
    expect((await api.send("PUT", ROOM, roomDocument({ sinks }))).status).toBe(201);
  });
});
