import type { DetectorPlan, EnginePlan } from "../../engine/plan.ts";

/**
 * A detector with the names that its inputs have in messages about a sensor: where each sensor is a column of a wide
 * table, `value_diff` of the sensor `room3` is `room3_diff`.
 */
export function detectorOfSensor(
  { sensorColumn }: EnginePlan,
  detector: DetectorPlan,
  sensor: string,
): DetectorPlan {
  if (sensorColumn === undefined) return detector;
  const { inputNames } = detector;
  return {
    ...detector,
    inputNames: inputNames.map((name) => nameOfSensor(name, sensorColumn, sensor)),
  };
}

/** Names of the numeric columns in messages about a sensor. */
export function columnsOfSensor(
  { sensorColumn, columns }: EnginePlan,
  sensor: string,
): readonly string[] {
  if (sensorColumn === undefined) return columns;
  return columns.map((name) => nameOfSensor(name, sensorColumn, sensor));
}

function nameOfSensor(name: string, column: string, sensor: string): string {
  const isOfColumn = name === column || name.startsWith(`${column}_`);
  return isOfColumn ? `${sensor}${name.slice(column.length)}` : name;
}
