/** How a timestamp is written; decided once per input. */
export type TimestampFormat =
  | "iso8601"
  | "day_first"
  | "epoch_s"
  | "epoch_ms"
  | "epoch_us"
  | "epoch_ns";
