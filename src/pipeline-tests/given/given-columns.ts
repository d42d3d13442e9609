import type { PipelineConfig } from "../../config/schema/pipeline.ts";
import type { TestConfig } from "../../config/schema/tests/tests.ts";
import { recordingSource } from "../../config/sources.ts";

/** Columns of a test's input beside those that the test names. */
export interface GivenColumns {
  readonly timestamp: string;
  /** Column with the sensor; null: none. */
  readonly key: string | null;
  /** Sensor of rows without one. */
  readonly sensor: string;
  /** Columns that the pipeline declares, in its order; null values where the test does not name them. */
  readonly declared: readonly string[];
}

const SENSOR = "sensor-1";
const KEY = "sensor_id";

/** The columns that the pipeline needs in the rows of a test. */
export function givenColumns(test: TestConfig, config: PipelineConfig): GivenColumns {
  const { schema = {}, key: wantedKey } = config.buffer;
  // of several columns, the first one can name every sensor
  const key = Array.isArray(wantedKey) ? wantedKey[0] : wantedKey;
  const set = recordingSource(config)?.source.set ?? {};
  const named = Object.entries(schema);
  const timestamp = named.find(([, type]) => type === "datetime")?.[0] ?? "timestamp";
  const texts = named.flatMap(([name, type]) => (type === "str" ? [name] : []));
  const found = texts.includes(KEY) ? KEY : texts.length === 1 ? (texts[0] ?? null) : null;
  const wanted = test.sensor !== undefined || test.sensors !== undefined ? KEY : null;
  const column = key === undefined ? (found ?? wanted) : key;
  const isSet = column !== null && Object.hasOwn(set, column);
  return {
    timestamp,
    key: isSet ? null : column,
    sensor: test.sensor ?? SENSOR,
    declared: named
      .map(([name]) => name)
      .filter((name) => name !== timestamp && name !== column && !Object.hasOwn(set, name)),
  };
}
