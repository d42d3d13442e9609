import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { gecco } from "../../../bench/detection/gecco.ts";
import { nab } from "../../../bench/detection/nab.ts";
import { skab } from "../../../bench/detection/skab.ts";
import { Random } from "../../support/random.ts";
import { folderWith } from "../../support/run-cli.ts";

const random = new Random(7);

/** A time of the form that the recordings have, so many minutes after a start. */
function time(minute: number): string {
  return new Date(Date.UTC(2020, 0, 1, 0, minute)).toISOString().slice(0, 19).replace("T", " ");
}

/** Noise, far off between two rows. */
function values(row: number, count: number, [from, to]: readonly [number, number]): string[] {
  const shift = row >= from && row <= to ? 12 : 0;
  return Array.from({ length: count }, () => (20 + shift + random.normal()).toFixed(3));
}

const SKAB_HEADER =
  "datetime;Accelerometer1RMS;Accelerometer2RMS;Current;Pressure;Temperature;Thermocouple;Voltage;Volume Flow RateRMS";

function skabRun(rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const label = row >= 500 && row < 560 ? "1.0" : "0.0";
    return [time(row), ...values(row, 8, [500, 559]), label, label].join(";");
  });
  return [`${SKAB_HEADER};anomaly;changepoint`, ...lines, ""].join("\n");
}

function nabFile(rows: number): string {
  const lines = Array.from(
    { length: rows },
    (_, row) => `${time(row)},${values(row, 1, [400, 409])}`,
  );
  return ["timestamp,value", ...lines, ""].join("\n");
}

function geccoFile(rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const cells = values(row, 9, [2200, 2219]);
    if (row % 50 === 0) cells[3] = "NA";
    return `"${row + 1}",${time(row)},${cells},${row >= 2200 && row < 2220 ? "TRUE" : "FALSE"}`;
  });
  const header = '"","Time","Tp","Cl","pH","Redox","Leit","Trueb","Cl_2","Fm","Fm_2","EVENT"';
  return [header, ...lines, ""].join("\n");
}

describe("the data sets of the detection bench", () => {
  let folder = "";
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };

  beforeAll(async () => {
    folder = await folderWith({});
    write("data/skab/valve2/0.csv", skabRun(600));
    write("data/skab/other/1.csv", skabRun(600));
    write("data/skab/anomaly-free/a.csv", `${SKAB_HEADER}\n`);
    write("data/nab/data/some/one.csv", nabFile(600));
    write("data/nab/data/some/unknown.csv", nabFile(50));
    write(
      "data/nab/labels/combined_windows.json",
      JSON.stringify({
        "some/one.csv": [[`${time(395)}.000000`, `${time(415)}.000000`]],
        "some/gone.csv": [],
      }),
    );
    write("data/gecco2018/gecco.csv", geccoFile(2400));
  });

  it("scores all folders of SKAB that have labels", async () => {
    const result = await skab.run(join(folder, "data"), join(folder, "scores"), "exact");
    expect(result?.over).toBe("2 files, 400 readings judged");
    expect(Number(result?.figures["AUC"])).toBeGreaterThan(0.9);
    expect(result?.notes[0]).toBe("skab/anomaly-free/a.csv has no labels");
  });

  it("scores the files of NAB that have windows, and names the missing ones", async () => {
    const result = await nab.run(join(folder, "data"), join(folder, "scores"), "exact");
    expect(result?.over).toBe("1 files, 1 windows");
    expect(Number(result?.figures["standard"])).toBeGreaterThan(70);
    expect(result?.notes).toContain("1 labelled files of the full set are not in the folder");
    expect(result?.notes).toContain("some/unknown.csv has no labels");
  });

  it("scores GECCO with its missing cells", async () => {
    const result = await gecco.run(join(folder, "data"), join(folder, "scores"), "exact");
    expect(result?.over).toBe("1 file, 2400 readings, 400 judged");
    expect(Number(result?.figures["AUC"])).toBeGreaterThan(0.9);
  });

  it("are null in a folder without data", async () => {
    for (const set of [skab, nab, gecco]) {
      expect(await set.run(join(folder, "nothing"), folder, "exact")).toBeNull();
    }
  });
});
