import { sourceType } from "./source-type.ts";

/** Readings that clients send to `iotmon serve`. */
export const http = sourceType({
  type: "http",
  fields: {},
  names: () => [],
  isNamed: () => false,
  isRecorded: false,
  open: (name) => Promise.reject(new RangeError(`${name} is not a source that iotmon reads`)),
});
