import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { IotmonError } from "../../src/core/errors.ts";
import { Random } from "../support/random.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { type ReadFile, readFile } from "./support/read-file.ts";

const ROWS = 90;
const NAMES = ["temp", "speed"];

/** A reading as it truly is; its temperature occurs once in the file and so tells it. */
interface Truth {
  readonly time: number;
  readonly temp: number;
  readonly speed: number;
}

type Write = (truth: readonly Truth[], random: Random) => string | Uint8Array;

/** The parts of a time in UTC. */
function parts(time: number) {
  const [year = "", month = "", day = "", hour = "", minute = ""] = new Date(time)
    .toISOString()
    .split(/\D/);
  return { year, month, day, hour, minute };
}

const iso = (time: number): string => new Date(time).toISOString().slice(0, 19);
const slashes = (time: number, isMonthFirst = false): string => {
  const { year, month, day, hour, minute } = parts(time);
  return `${isMonthFirst ? `${month}/${day}` : `${day}/${month}`}/${year} ${hour}:${minute}`;
};

type Line = (truth: Truth, i: number) => string;
const plain: Line = ({ time, temp, speed }) => `${iso(time)},${temp},${speed}`;
const table = (line: Line, header = "time,temp,speed"): Write => {
  return (truth) => `${[header, ...truth.map(line)].join("\n")}\n`;
};
/** A table in which some lines are written otherwise. */
const some =
  (share: number, line: Line): Write =>
  (truth, random) =>
    table((one, i) => (random.uniform() < share ? line(one, i) : plain(one, i)))(truth, random);

const comma = (number: number): string => String(number).replace(".", ",");

/** Ways to write a file that can be misread. */
const BROKEN: Readonly<Record<string, Write>> = {
  "day first with slashes": table(({ time, temp, speed }) => `${slashes(time)},${temp},${speed}`),
  "month first with slashes": table(
    ({ time, temp, speed }) => `${slashes(time, true)},${temp},${speed}`,
  ),
  "two digits of the year in front": table(({ time, temp, speed }) => {
    const { year, month, day, hour, minute } = parts(time);
    return `${year.slice(2)}/${month}/${day} ${hour}:${minute},${temp},${speed}`;
  }),
  "another order of dates from the middle on": table(
    ({ time, temp, speed }, i) => `${i < ROWS / 2 ? iso(time) : slashes(time)},${temp},${speed}`,
  ),
  "both orders of dates": table(
    ({ time, temp, speed }, i) => `${slashes(time, i >= ROWS / 2)},${temp},${speed}`,
  ),
  "dates without their times of day": table(({ time, temp, speed }) => {
    const { day, month, year, hour, minute } = parts(time);
    return `${day}.${month}.${year},${temp},${hour}h${minute},${speed}`;
  }, "Date,temp,moment,speed"),
  "a shared abbreviation of a zone": table(
    ({ time, temp, speed }) => `${iso(time).replace("T", " ")} CST,${temp},${speed}`,
  ),
  "times in words": table(({ time, temp, speed }) => `at ${parts(time).hour} h,${temp},${speed}`),
  "no header": (truth) => truth.map(plain).join("\n"),
  "a header that lacks a name": table(plain, "temp,speed"),
  "a header with a name too many": table(plain, "time,temp,speed,note"),
  "lines without their last cell": some(0.2, ({ time, temp }) => `${iso(time)},${temp}`),
  "lines with a cell too many": some(0.2, (one, i) => `${plain(one, i)},9`),
  "a last line that breaks off": (truth, random) => {
    const text = String(table(plain)(truth, random));
    return text.slice(0, -Math.ceil(random.uniform() * 25));
  },
  "the newest first": (truth, random) => table(plain)(truth.toReversed(), random),
  "decimal commas in some lines": some(
    0.2,
    ({ time, temp, speed }) => `${iso(time)},"${comma(temp)}","${speed}"`,
  ),
  "decimal commas between commas": table(
    ({ time, temp, speed }) => `${iso(time)},${comma(temp)},${speed}`,
  ),
  "a unit that changes": table(
    ({ time, temp, speed }, i) =>
      `${iso(time)},${temp},${i % 2 === 0 ? `${speed} W` : `${speed / 1000} kW`}`,
  ),
  "words in half of the cells": some(0.5, ({ time, temp }) => `${iso(time)},${temp},stopped`),
  "bytes of nothing": (truth, random) => {
    const bytes = Buffer.from(table(plain)(truth, random));
    for (let n = 0; n < 5; n++) bytes[30 + Math.floor(random.uniform() * (bytes.length - 30))] = 0;
    return bytes;
  },
};

const START = Date.UTC(2026, 1, 3, 4, 7);
const STEPS_MS = [60_000, 3_600_000, 5 * 3_600_000, 86_400_000, 7 * 60_000];

function truthOf(seed: number, random: Random): readonly Truth[] {
  const step = STEPS_MS[seed % STEPS_MS.length] as number;
  return Array.from({ length: ROWS }, (_, i) => ({
    time: START + i * step,
    temp: Number((20 + ((i * 37) % ROWS) / 100 + 0.001 * (i + 1)).toFixed(3)),
    speed: 900 + Math.floor(random.uniform() * 200),
  }));
}

/** What is wrong with a file that was read without an error; empty: nothing. */
function faultsOf({ rows, rejects, opening }: ReadFile, truth: readonly Truth[]): string[] {
  const lines = opening.join("\n");
  const isDoubtful = lines.includes("check: ");
  const known = new Map(truth.map((one) => [one.temp, one]));
  const read = rows.map((row) => {
    const values = Object.values(row.values);
    const temp = values.find((value) => known.has(value));
    return { row, values, found: temp === undefined ? undefined : known.get(temp) };
  });
  const wrong = read.filter(({ row, found }) => found !== undefined && row.time !== found.time);
  const strange = read.filter(
    ({ values, found }) =>
      found !== undefined &&
      values.some((value) => !Number.isNaN(value) && value !== found.temp && value !== found.speed),
  );
  const columns = Object.keys(rows[0]?.values ?? {});
  const dropped = NAMES.filter((name) => !columns.includes(name) && !lines.includes(`${name} (`));
  const isNamed = columns.some((name) => NAMES.includes(name));
  return [
    ...(wrong.length > 0 && !isDoubtful ? [`${wrong.length} wrong times`] : []),
    ...(strange.length > 0 ? [`${strange.length} wrong values`] : []),
    ...(isNamed ? dropped.map((name) => `${name} is not mentioned`) : []),
    ...(!isNamed && columns.length < NAMES.length ? ["a column is missing"] : []),
    ...(rows.length + rejects.length < truth.length ? ["readings are missing"] : []),
  ];
}

const cases = Object.keys(BROKEN).flatMap((name) =>
  STEPS_MS.map((_, seed) => [name, seed] as const),
);

it("there are a hundred ambiguous or broken files", () => expect(cases).toHaveLength(100));

it.each(cases)(
  "%s, %d: no wrong time, and no column is dropped without a word",
  async (name, seed) => {
    const random = new Random(seed);
    const truth = truthOf(seed, random);
    const file = join(await tempFolder(), "plant.csv");
    await writeFile(file, (BROKEN[name] as Write)(truth, random));
    const outcome = await readFile(file).catch((error: unknown) => {
      if (!(error instanceof IotmonError)) throw error;
      return error;
    });
    if (outcome instanceof IotmonError) expect(["ERR_DATA", "ERR_CONFIG"]).toContain(outcome.code);
    else expect(faultsOf(outcome, truth), outcome.opening.join("\n")).toEqual([]);
  },
);
