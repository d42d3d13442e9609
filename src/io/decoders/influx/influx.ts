import { lineDecoder } from "../line-decoder.ts";
import { influxLines } from "./influx-lines.ts";

/** Recordings in line protocol. */
export const influx = lineDecoder(
  influxLines,
  "Expected InfluxDB line protocol: weather,place=roof temp=21.5,hum=40i 1767225600000000000",
);
