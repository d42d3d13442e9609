import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { SEVERITIES } from "../../src/core/alerts/severity.ts";
import { IotmonError } from "../../src/core/errors.ts";
import type { AlertBody } from "../../src/io/messages/alert-schema.ts";
import { runCli } from "../support/run-cli.ts";
import { FIELD_CASES } from "./cases.ts";
import type { ReadCase } from "./field-case.ts";
import type { Reading } from "./layouts/recording.ts";
import { readFile } from "./support/read-file.ts";

const pathOf = (file: string): string => fileURLToPath(new URL(`files/${file}`, import.meta.url));

const read = FIELD_CASES.flatMap((entry) => ("times" in entry ? [entry] : []));
const refused = FIELD_CASES.flatMap((entry) => ("refused" in entry ? [entry] : []));

it.each(read.map((entry) => [entry.file, entry] as const))(
  "%s gives the right times, sensors and columns",
  async (file, { times, sensors, watched, readings, rejected = 0, opening = [], settings }) => {
    const { rows, rejects, opening: lines } = await readFile(pathOf(file), settings);
    expect(rejects.slice(0, rejected + 3).length, JSON.stringify(rejects.slice(0, 3))).toBe(
      rejected,
    );
    expect(rows).toHaveLength(readings);
    expect([...new Set(rows.map(({ sensor }) => sensor))]).toEqual(sensors);
    expect([...Object.keys(rows[0]?.values ?? {})].sort()).toEqual([...watched].sort());
    const [first, last] = [Math.min(...rows.map(timeOf)), Math.max(...rows.map(timeOf))];
    expect([iso(first), iso(last), usualStep(rows)]).toEqual(times);
    for (const part of opening) expect(lines.join("\n")).toContain(part);
  },
);

const faulty = read.filter(({ fault }) => fault !== undefined);

it.each(faulty.map((entry) => [entry.file, entry] as const))(
  "%s has its fault told",
  async (file, { fault, args = [] }) => {
    const { stdout, code } = await runCli([
      "replay",
      pathOf(file),
      "-q",
      "--format",
      "jsonl",
      ...args,
    ]);
    expect(code).toBe(0);
    const messages = stdout.split("\n").filter((line) => line !== "");
    const told = messages
      .map((line) => JSON.parse(line) as AlertBody)
      .filter((message) => tells(message, fault));
    expect(told, stdout).not.toHaveLength(0);
    const severest = Math.max(...told.map(({ severity }) => SEVERITIES.indexOf(severity)));
    expect(SEVERITIES[severest]).toBe(fault?.severity ?? "critical");
  },
);

it.each(refused.map((entry) => [entry.file, entry.refused] as const))(
  "%s is refused, and the error names the way out",
  async (file, parts) => {
    const error = await readFile(pathOf(file)).then(
      () => new Error("the file was read"),
      (failure: unknown) => failure,
    );
    if (!(error instanceof IotmonError)) throw error;
    expect(error.code).toBe("ERR_DATA");
    for (const part of parts) expect(`${error.message}\n${error.hint}`).toContain(part);
  },
);

it("the table names each file once", () => {
  const files = FIELD_CASES.map(({ file }) => file);
  expect(new Set(files).size).toBe(files.length);
});

function tells(message: AlertBody, fault: ReadCase["fault"]): boolean {
  if (fault === undefined) return false;
  const [from, to] = fault.within.map((time) => Date.parse(time)) as [number, number];
  const start = Date.parse(message.started_at);
  // the sensor, which may have the name of a column, comes first
  const reason = message.explanation.summary.slice(`${message.sensor_id}: `.length);
  const isTold = message.sensor_id === fault.sensor && reason.includes(fault.column);
  return isTold && start >= from && start <= to;
}

const timeOf = ({ time }: Reading): number => time;
const iso = (ms: number): string => new Date(ms).toISOString();

/** The median of the seconds between successive readings of a sensor. */
function usualStep(rows: readonly Reading[]): number {
  const last = new Map<string, number>();
  const steps = rows.flatMap(({ sensor, time }) => {
    const before = last.get(sensor);
    last.set(sensor, time);
    return before === undefined ? [] : [(time - before) / 1000];
  });
  steps.sort((a, b) => a - b);
  return steps[Math.floor(steps.length / 2)] ?? Number.NaN;
}
