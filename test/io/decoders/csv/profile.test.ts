import { describe, expect, it } from "vitest";
import type { IotmonError } from "../../../../src/core/errors.ts";
import { type CsvProfile, profileCsv } from "../../../../src/io/decoders/csv/profile.ts";
import { readCsv } from "../../../support/read-csv.ts";

function profile(content: string | Uint8Array, rename: Record<string, string> = {}): CsvProfile {
  return profileCsv(Buffer.from(content), true, "readings.csv", { rename });
}

function failure(content: string | Uint8Array, complete = true): IotmonError {
  try {
    profileCsv(Buffer.from(content), complete, "readings.csv", { rename: {} });
  } catch (error) {
    return error as IotmonError;
  }
  throw new Error("nothing was thrown");
}

const roles = (found: CsvProfile): Record<string, string> =>
  Object.fromEntries(found.columns.map(({ name, role }) => [name, role]));

const textsOf = ({ remarks }: CsvProfile): string[] => remarks.map(({ text }) => text);

const delimiter = (found: CsvProfile): string => String.fromCharCode(found.dialect.delimiter);

describe("delimiter", () => {
  it.each([",", ";", "\t", "|"])("%j is found", (mark) => {
    const lines = ["time,a,b", "2026-01-01 00:00:00,1,2.5", "2026-01-01 00:00:01,2,3.5"];
    const found = profile(lines.join("\n").replaceAll(",", mark));
    expect(delimiter(found)).toBe(mark);
    expect(roles(found)).toEqual({ time: "timestamp", a: "number", b: "number" });
  });

  it("is the semicolon if commas are decimal marks", () => {
    const found = profile("01.01.2026 00:00;1,5;2,5\n01.01.2026 00:01;1,6;2,75\n");
    expect(delimiter(found)).toBe(";");
    expect(found.dialect.decimalMark).toBe(",".charCodeAt(0));
    expect(found.columns.map(({ role }) => role)).toEqual(["timestamp", "number", "number"]);
    expect(found.columns[2]).toMatchObject({ min: 2.5, max: 2.75 });
    expect(textsOf(found)).toContain("the decimal mark is a comma");
  });

  it("is the comma if a text column has a different text in every cell", () => {
    const found = profile("time,a,tags\n2026-01-01,1,x;y\n2026-01-02,2,y;z\n");
    expect(delimiter(found)).toBe(",");
  });

  it("is found despite delimiters in quotes", () => {
    const found = profile('"a;b","c;d"\n"1","2"\n"3","4"\n');
    expect(delimiter(found)).toBe(",");
    expect(roles(found)).toEqual({ "a;b": "number", "c;d": "number" });
  });

  it("does not matter for one column", () => {
    const found = profile("value\n1.5\n2.5\n");
    expect(roles(found)).toEqual({ value: "number" });
    expect(textsOf(found)).toContain("one column");
  });
});

describe("header", () => {
  it("is ignored where it is repeated, as in joined files of one reading each", () => {
    const found = profile("time,room,a\n2026-01-01,hall,1\n".repeat(3));
    expect(roles(found)).toEqual({ time: "timestamp", room: "text", a: "number" });
    expect(found.rowsSampled).toBe(3);
    expect(found.columns[1]).toMatchObject({ distinct: 1, examples: ["hall"] });
  });

  it("is missing if the first row holds readings", () => {
    const found = profile("2026-01-01 00:00:00,s1,1.5\n2026-01-01 00:00:01,s2,2.5\n");
    expect(found.dialect.header).toBeNull();
    expect(found.rowsSampled).toBe(2);
    expect(roles(found)).toEqual({ column_1: "timestamp", column_2: "text", column_3: "number" });
    expect(textsOf(found)).toContain("no header: columns are named column_1, column_2 ...");
  });

  it("may have numbers for names", () => {
    const found = profile("time,1,2\n2026-01-01,10,20\n2026-01-02,11,21\n");
    expect(roles(found)).toEqual({ time: "timestamp", "1": "number", "2": "number" });
  });

  it("may lack a name for the row numbers, as written by R", () => {
    const found = profile("time,a\n1,2026-01-01,10\n2,2026-01-02,11\n");
    expect(roles(found)).toEqual({ column_1: "index", time: "timestamp", a: "number" });
  });

  it("may follow other lines", () => {
    const found = profile("Export of logger 7\n\ntime,a,b\n2026-01-01,10,20\n2026-01-02,11,21\n");
    expect(Object.keys(roles(found))).toEqual(["time", "a", "b"]);
  });

  it("is not a truncated first line", () => {
    const found = profile("7,21\n2026-01-01,10,20\n2026-01-02,11,21\n");
    expect(found.dialect.header).toBeNull();
    expect(roles(found)).toEqual({ column_1: "timestamp", column_2: "number", column_3: "number" });
  });

  it("gives different names without blanks", () => {
    const found = profile("\ufeff time , Volume Flow ,a,a,a_2,\n2026-01-01,1,2,3,4,5\n");
    expect(found.columns.map(({ name }) => name)).toEqual([
      "time",
      "Volume Flow",
      "a",
      "a_3",
      "a_2",
      "column_6",
    ]);
    expect(textsOf(found)).toContain('column "a" occurs twice: the later one is now "a_3"');
  });

  it("is renamed as configured, to names that stay different", () => {
    const found = profile("time,temp,x\n2026-01-01,1,2\n", { temp: "temperature", x: "time" });
    expect(found.columns.map(({ name }) => name)).toEqual(["time", "temperature", "time_2"]);
  });

  it("that is not UTF-8 makes the input Latin-1", () => {
    const found = profile(Buffer.from("time,T [°C]\n2026-01-01,1\n", "latin1"));
    expect(found.dialect.encoding).toBe("latin1");
    expect(Object.keys(roles(found))).toEqual(["time", "T [°C]"]);
    expect(textsOf(found)).toContain("the header is not UTF-8: the input is read as Latin-1");
  });
});

describe("line breaks", () => {
  it.each(["\n", "\r\n", "\r"])("%j ends a line", (newline) => {
    const found = profile(["time,a", "2026-01-01,1", "2026-01-02,2", ""].join(newline));
    expect(found.rowsSampled).toBe(2);
    expect(roles(found)).toEqual({ time: "timestamp", a: "number" });
  });
});

describe("roles", () => {
  it("ignores row numbers without a name or with a typical name", () => {
    const found = profile('"","Unnamed: 0","value"\n"1",0,5\n"2",1,5\n"3",2,6\n');
    expect(roles(found)).toEqual({ column_1: "index", "Unnamed: 0": "index", value: "number" });
  });

  it.each(["anomaly", "is_anomaly", "Label", "EVENT", "changepoint"])("%s is a label", (name) => {
    for (const cells of ["0.0 1.0 0.0", "0 1 0", "FALSE TRUE FALSE", "0 0 NA", "false False 0"]) {
      const rows = cells.split(" ").map((cell, i) => `2026-01-0${i + 1},${i},${cell}`);
      expect(roles(profile(`time,a,${name}\n${rows.join("\n")}`))[name]).toBe("label");
    }
  });

  it("a label needs its name, and zeros and ones", () => {
    const found = profile("time,flag,event\n2026-01-01,0,3\n2026-01-02,1,0\n");
    expect(roles(found)).toMatchObject({ flag: "number", event: "number" });
    expect(roles(profile("time,a,event\n2026-01-01,0,start\n2026-01-02,1,stop\n"))["event"]).toBe(
      "text",
    );
  });

  it("a column with a few bad cells is still numeric", () => {
    const found = profile("time,a\n2026-01-01,1\n2026-01-02,2\n2026-02-31,x\n2026-01-04,3\n");
    expect(roles(found)).toEqual({ time: "timestamp", a: "number" });
    expect(found.columns[1]).toMatchObject({ numbers: 3, missing: 0, distinct: 4, min: 1, max: 3 });
  });

  it("columns without a value are empty, infinities and NA are missing", () => {
    const found = profile("time,a,b\n2026-01-01,,1\n2026-01-02,NA,inf\n2026-01-03,-,2\n");
    expect(roles(found)).toEqual({ time: "timestamp", a: "empty", b: "number" });
    expect(found.columns[2]).toMatchObject({ numbers: 2, missing: 1, min: 1, max: 2 });
  });

  it("an epoch is recognised by its name, or as the first column", () => {
    expect(roles(profile("a,ts\n1,1600000000\n2,1600000001\n"))["ts"]).toBe("timestamp");
    expect(roles(profile("x,a\n1600000000000,1\n1600000001000,2\n"))["x"]).toBe("timestamp");
    const counter = profile("a,bytes\n1,1600000000\n2,1600000001\n");
    expect(roles(counter)["bytes"]).toBe("number");
    expect(counter.columns[1]?.timestampFormat).toBe("epoch_s");
    expect(roles(profile("x,a\n1600000009,1\n1600000001,2\n"))["x"]).toBe("number");
  });

  it("numbers in a time column are not epochs outside 1990 to 2100", () => {
    expect(roles(profile("time,a\n10,1\n9,2\n"))["time"]).toBe("number");
    const rising = profile("time,a\n10.5,1\n11,2\n");
    expect(roles(rising)["time"]).toBe("timestamp");
    expect(rising.time).toMatchObject({ plan: { format: "elapsed_s" }, by: "unit" });
  });

  it("remarks on the format of times", () => {
    expect(textsOf(profile("t,a\n2026-01-01 10:00,1\n"))).toContain(
      '"t", ISO 8601, without a zone, taken as UTC',
    );
    expect(textsOf(profile("t,a\n2026-01-01T10:00:00+01:00,1\n"))).toContain('"t", ISO 8601');
  });
});

describe("unusable input", () => {
  it.each([
    ["", "the input is empty"],
    ["\n \r\n\t\n", "the input is blank"],
    ["time,a,b\n", "a header but no reading (columns: time, a, b)"],
    [
      "name,note\nx,hello\ny,world\n",
      "no numeric column in the first 2 rows: name (text), note (text)",
    ],
    ['{"a": 1}\n', "the input looks like JSON"],
  ])("%j: %s", (content, message) => {
    expect(failure(content)).toMatchObject({ code: "ERR_DATA", message, at: "readings.csv" });
    expect(failure(content).hint).toMatch(/CSV/);
  });

  it.each([
    [[0x1f, 0x8b, 8, 0], "gzip"],
    [[0x50, 0x4b, 3, 4], "ZIP"],
    [[0x50, 0x41, 0x52, 0x31], "Parquet"],
    [[0x28, 0xb5, 0x2f, 0xfd], "zstd"],
    [[1, 2, 3, 4, 0, 0, 65, 66], "binary"],
  ])("%j is recognised as %s", (bytes, name) => {
    expect(failure(Uint8Array.from(bytes)).message).toContain(name);
  });

  it("more than 10,000 columns are rejected", () => {
    const row = (cell: string): string => Array.from({ length: 10_001 }, () => cell).join(",");
    expect(failure(`${row("a")}\n${row("1")}\n`).message).toBe("10001 columns, the limit is 10000");
  });

  it("a start without a line break is not a line", () => {
    expect(failure("x".repeat(300_000), false).message).toBe(
      "no readable line in the first 300000 bytes",
    );
  });
});

describe("lines above the readings", () => {
  const rows = "2026-03-01 00:00,1.5,20\n2026-03-01 00:01,1.6,21\n2026-03-01 00:02,1.7,22\n";

  it.each([
    ["sep=,\ntime,volt,temp\n", 2],
    ["# Logger 7\n# site: roof\ntime,volt,temp\n", 3],
    ["Logger 7\n\nInterval,60\ntime,volt,temp\n", 4],
    ["time,volt,temp\n-,V,°C\n", 2],
    ['"TOA5","CR1000"\n"time","volt","temp"\n"TS","Volts","Deg C"\n"","Avg","Avg"\n', 4],
  ])("%j are no readings", async (above, lines) => {
    const { profile, rows: readings, rejects } = await readCsv(above + rows);
    expect(profile.columns.map(({ name }) => name)).toEqual(["time", "volt", "temp"]);
    expect(profile.dialect.preamble).toBe(lines);
    expect(readings.map(({ numbers }) => numbers)).toEqual([
      [1.5, 20],
      [1.6, 21],
      [1.7, 22],
    ]);
    expect(rejects).toEqual([]);
  });

  it("are rejected as before if they are below the header", async () => {
    const { rejects } = await readCsv(`time,volt,temp\nhello\n${rows}`);
    expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([[2, "cell count"]]);
  });

  it("keep the line numbers of what follows", async () => {
    const { rejects } = await readCsv(`sep=,\ntime,volt,temp\n${rows}x,y\n`, { cuts: [2, 6, 9] });
    expect(rejects.map(({ line }) => line)).toEqual([6]);
  });
});
