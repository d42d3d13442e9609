import type { NumberSink, NumberSource } from "./cells.ts";

/** The last value of a column that was present, which may be older than any window. */
export class LastPresent {
  /** NaN: none yet. */
  value = Number.NaN;
  /** Its event time, ms; NaN if the function does not need it. */
  time = Number.NaN;

  save(sink: NumberSink): void {
    sink.f64(this.value);
    sink.f64(this.time);
  }

  load(source: NumberSource): void {
    this.value = source.f64();
    this.time = source.f64();
  }
}
