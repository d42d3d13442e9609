import type { TestConfig } from "../../config/schema/tests.ts";
import type { GivenColumns } from "./given-columns.ts";

const TIME_NAME = /^(timestamp|time|datetime|date|ts)$/i;

/** Rows one by one as JSON Lines. Those without a time or a sensor get one. */
export function rowsText(
  rows: NonNullable<TestConfig["rows"]>,
  { start, every }: Pick<TestConfig, "start" | "every">,
  { timestamp, key, sensor, declared }: GivenColumns,
): string {
  const missing = Object.fromEntries(declared.map((name) => [name, null]));
  return rows
    .map((row, i) => {
      const isTimed = Object.keys(row).some((name) => name === timestamp || TIME_NAME.test(name));
      const time = isTimed ? {} : { [timestamp]: new Date(start + i * every).toISOString() };
      const name = key === null ? {} : { [key]: sensor };
      return `${JSON.stringify({ ...time, ...name, ...missing, ...row })}\n`;
    })
    .join("");
}
