import type { StateReader, StateWriter } from "../../state-codec.ts";

/** The last value of a column that was present, which may be older than any window. */
export class LastPresent {
  /** NaN: none yet. */
  value = Number.NaN;
  /** Its event time, ms; NaN if the function does not need it. */
  time = Number.NaN;

  save(writer: StateWriter): void {
    writer.f64(this.value);
    writer.f64(this.time);
  }

  load(reader: StateReader): void {
    this.value = reader.f64();
    this.time = reader.f64();
  }
}
