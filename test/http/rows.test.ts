import pl from "nodejs-polars";
import { beforeEach, describe, expect, it } from "vitest";
import type { ProblemBody } from "../../src/http/problems/problem.ts";
import { type Api, BUFFERS, setUp, startApi } from "./support.ts";

const ROWS = `${BUFFERS}/room/rows`;
let api: Api;

beforeEach(async () => {
  api = await startApi();
  await setUp(api);
  await api.post(`${BUFFERS}/room/append`, {
    rows: [
      { timestamp: "2026-03-01T09:00:00", sensor_id: "a", temperature: 20 },
      { timestamp: "2026-03-01T09:00:00.250Z", sensor_id: 'b "2",\nx', temperature: null },
      { timestamp: "2026-03-01T09:00:02+00:00", sensor_id: "a", temperature: "21.5" },
    ],
  });
});

const second = { timestamp: "2026-03-01T09:00:00.250Z", sensor_id: 'b "2",\nx', temperature: null };
const third = { timestamp: "2026-03-01T09:00:02.000Z", sensor_id: "a", temperature: 21.5 };

describe("rows of a buffer", () => {
  it.each([
    ["", 3],
    ["?limit=2", 2],
    ["?since=2026-03-01T09:00:00.250", 2],
    ["?since=1772355602", 1],
    ["?since=1772355602000", 1],
    ["?since=0001-01-01", 3],
    ["?since=9999-12-31T23:59:59%2B23:59", 0],
    ["?sensor_id=a", 2],
    ["?sensor_id=a&limit=1", 1],
    ["?sensor_id=a&since=2026-03-01T09:00:01Z", 1],
    ["?sensor_id=nobody", 0],
  ])("are selected by %j", async (query, count) => {
    const { status, body } = await api.get(`${ROWS}${query}`);
    const { row_count, rows } = body as { row_count: number; rows: unknown[] };
    expect([status, row_count, rows.length]).toEqual([200, count, count]);
    if (query === "?limit=2") expect(rows).toEqual([second, third]);
  });

  it("come as CSV", async () => {
    const { headers, body } = await api.get(`${ROWS}?format=csv&limit=2`);
    expect(headers["content-type"]).toBe("text/csv; charset=utf-8");
    expect(body).toBe(
      "timestamp,sensor_id,temperature\n" +
        '2026-03-01T09:00:00.250Z,"b ""2"",\nx",\n' +
        "2026-03-01T09:00:02.000Z,a,21.5\n",
    );
  });

  it("have whole numbers and truths without decimals in CSV", async () => {
    const schema = { n: "int", on: "bool", odd: "bool", "*": "int", v: "float" };
    await api.post(BUFFERS, { name: "whole", schema, key: null });
    await api.post(`${BUFFERS}/whole/append`, {
      rows: [
        { n: 5, on: true, odd: 0.5, "*": -3, v: 2 },
        { n: null, on: false, odd: 1, "*": 2 ** 53, v: 2.5 },
      ],
    });
    const { body } = await api.get(`${BUFFERS}/whole/rows?format=csv`);
    const [header, ...lines] = (body as string).trimEnd().split("\n");
    const own = (line = "") => line.split(",").slice(-5).join(",");
    expect(own(header)).toBe("n,on,odd,*,v");
    expect(lines.map(own)).toEqual(["5,1,0.5,-3,2.0", ",0,1.0,9007199254740992,2.5"]);
  });

  it("never come as formulas in CSV", async () => {
    const schema = { timestamp: "datetime", "=A1": "str", "*": "str", v: "float" };
    await api.post(BUFFERS, { name: "sheet", schema, key: null });
    const texts = ["=1+1", "+1", "-1", "@x", "\tx", "\n=1", "a=1", ""];
    await api.post(`${BUFFERS}/sheet/append`, {
      rows: texts.map((text) => ({ timestamp: "2026-03-01", "=A1": text, "*": text, v: -1 })),
    });
    const { body } = await api.get(`${BUFFERS}/sheet/rows?format=csv`);
    const shown = ["'=1+1", "'+1", "'-1", "'@x", "'\tx", '"\'\n=1"', "a=1", ""];
    const lines = shown.map((text) => `2026-03-01T00:00:00.000Z,sheet,-1.0,${text},${text}`);
    expect(body).toBe(["timestamp,sensor_id,v,'=A1,*", ...lines, ""].join("\n"));
  });

  it("have at most 1000 characters in a text, and a warning where it was longer", async () => {
    await api.post(BUFFERS, { name: "notes", schema: { note: "str" }, key: null });
    const rows = ["x".repeat(1000), "y".repeat(1001)].map((note) => ({ note }));
    const { body } = await api.post(`${BUFFERS}/notes/append`, { rows });
    const field = "rows.1.note";
    const message = expect.stringMatching(/ is longer than 1000 characters: it is cut$/);
    expect(body).toMatchObject({ warnings: [{ field, message }] });
    const kept = (await api.get(`${BUFFERS}/notes/rows`)).body as { rows: { note: string }[] };
    expect(kept.rows.map(({ note }) => note)).toEqual(["x".repeat(1000), `${"y".repeat(999)}…`]);
  });

  it("come as Parquet", async () => {
    const reply = await api.app.inject({
      url: `${ROWS}?format=parquet&limit=2`,
      headers: { host: "localhost" },
    });
    expect(reply.headers["content-type"]).toBe("application/vnd.apache.parquet");
    const frame = pl.readParquet(reply.rawPayload);
    expect(frame.toRecords()).toEqual(
      [second, third].map((row) => ({ ...row, timestamp: new Date(row.timestamp) })),
    );
  });

  it.each([
    ["?limit=0", "limit: must be at least 1"],
    ["?limit=ten", "limit: must be a whole number, 1 to 100000"],
    ["?since=yesterday", "since: must be a time such as"],
    ["?since=2026-02-30", "since: must be a time such as"],
    ["?since=0100-02-29", "since: must be a time such as"],
    ["?since=4102444800", "since: must be a time such as"],
    ["?format=xml", "format: must be one of json, csv, parquet"],
    ["?sensor=a", 'unknown key "sensor". Did you mean "sensor_id"?'],
  ])("explain the fault of %j", async (query, words) => {
    const { status, body } = await api.get(`${ROWS}${query}`);
    expect(status).toBe(422);
    expect((body as ProblemBody).detail).toContain(words);
  });
});

describe("statistics of a buffer", () => {
  const STATS = `${BUFFERS}/room/stats`;

  it("cover all rows, or the rows of one sensor", async () => {
    const all = { column: "temperature", count: 2, nulls: 1, mean: 20.75, min: 20, max: 21.5 };
    const { body } = await api.get(STATS);
    expect(body).toMatchObject({ name: "room", columns: [{ ...all, median: 20.75 }] });
    const { columns } = (await api.get(`${STATS}?sensor_id=a`)).body as { columns: unknown[] };
    expect(columns).toEqual([expect.objectContaining({ count: 2, nulls: 0, mean: 20.75 })]);
    const none = { count: 0, nulls: 0, mean: null, std: null, min: null, median: null, max: null };
    expect((await api.get(`${STATS}?sensor_id=nobody`)).body).toMatchObject({ columns: [none] });
  });

  it("are null where values near 1e308 overflow", async () => {
    await api.post(BUFFERS, { name: "huge", schema: { v: "float" }, max_rows: 10 });
    await api.post(`${BUFFERS}/huge/append`, { rows: [{ v: 1.7e308 }, { v: 1.7e308 }] });
    const { status, body } = await api.get(`${BUFFERS}/huge/stats`);
    const huge = { count: 2, mean: null, std: null, min: 1.7e308, max: 1.7e308 };
    expect([status, body]).toMatchObject([200, { columns: [huge] }]);
  });

  it("use the name of a column unchanged", async () => {
    const schema = { "*": "float", "^t.*$": "float" };
    await api.post(BUFFERS, { name: "odd", schema, max_rows: 10 });
    await api.post(`${BUFFERS}/odd/append`, { rows: [{ "*": 1, "^t.*$": 2 }] });
    const { status, body } = await api.get(`${BUFFERS}/odd/stats`);
    expect([status, body]).toMatchObject([200, { columns: [{ mean: 1 }, { mean: 2 }] }]);
  });
});
