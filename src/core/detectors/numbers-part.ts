import type { StatePart } from "./detector.ts";

/**
 * A state that is a few numbers, as its one part. They are in an array, as a number in a field is
 * boxed anew at every change.
 *
 * @param numbers The first one grows with every change.
 */
export function numbersPart(numbers: Float64Array): StatePart {
  return {
    name: "state",
    version: numbers[0] as number,
    save: (writer) => writer.f64s(numbers),
    load: (reader) => reader.f64s(numbers),
  };
}
