import { compileTime, type TimeReader } from "../../../core/timestamp/compile-time.ts";
import { CellText } from "../../../core/timestamp/format/cell-text.ts";
import type { TimePlan } from "../../../core/timestamp/time-plan.ts";
import { isMissing } from "../columns/missing.ts";
import type { LineCells } from "../csv/bytes/line-cells.ts";
import type { BatchBuilder } from "./batch-builder.ts";
import { cleanCell } from "./cell.ts";
import { ABSENT, type Place } from "./places.ts";

/** Why a record has no time: a column of the plan is not in the input, a cell is missing, or it is not a time. */
export type TimeFault = "absent" | "missing" | "bad";

/** Reads the time of records from the cells of one column or several. The readers of an input share one. */
export class TimeCells {
  readonly plan: TimePlan;
  readonly places: readonly Place[];
  readonly #reader: TimeReader;
  readonly #text = new CellText();
  #isOpen = false;
  /** The place of the cell with the last fault. */
  faulty: Place;

  /** @param places One per column of the plan. */
  constructor(plan: TimePlan, places: readonly Place[]) {
    this.plan = plan;
    this.places = places;
    this.#reader = compileTime(plan);
    this.faulty = places[0] as Place;
  }

  /** Writes the time of a record as that of row `length` of a batch. @returns Null: it has a time. */
  read(cells: readonly (string | number)[], batch: BatchBuilder): TimeFault | null {
    const { places } = this;
    this.#text.clear();
    let time = Number.NaN;
    for (let i = 0; i < places.length; i++) {
      const place = places[i] as Place;
      this.faulty = place;
      if (place.cell === ABSENT) return "absent";
      const cell = cells[place.cell] ?? "";
      if (places.length === 1) time = this.#readOne(cell);
      if (!Number.isNaN(time)) break;
      const clean = cleanCell(String(cell));
      if (isMissing(clean)) return "missing";
      this.#text.add(clean);
    }
    if (Number.isNaN(time)) time = this.#reader.read(this.#text);
    batch.timestamps[batch.length] = time;
    this.#isOpen = this.#reader.isOpen;
    return Number.isNaN(time) ? "bad" : null;
  }

  /**
   * The same for a line of plain cells.
   *
   * @returns False: the cells are not plain, or have no time; {@link read} must check them.
   */
  readBytes(data: Uint8Array, { starts, ends }: LineCells, batch: BatchBuilder): boolean {
    const text = this.#text;
    text.clear();
    for (let i = 0; i < this.places.length; i++) {
      const { cell } = this.places[i] as Place;
      const before = text.length;
      if (cell === ABSENT) return false;
      if (!text.addBytes(data, starts[cell] as number, ends[cell] as number)) return false;
      if (text.length === before) return false;
    }
    const time = this.#reader.read(text);
    batch.timestamps[batch.length] = time;
    this.#isOpen = this.#reader.isOpen;
    return !Number.isNaN(time);
  }

  /** For times that another reader reads. @param isOpen Whether the last time names no zone. */
  setOpen(isOpen: boolean): void {
    this.#isOpen = isOpen;
  }

  /**
   * Completes the time of row `length` of a batch, whose sensor is known now: its zone or its day.
   *
   * @param near As in `KeyClock.resolve`.
   */
  complete(batch: BatchBuilder, near: number): void {
    const { clock } = this.#reader;
    if (!this.#isOpen || clock === null) return;
    const at = batch.length;
    batch.timestamps[at] = clock.resolve(
      batch.timestamps[at] as number,
      batch.keys[at] as number,
      near,
    );
  }

  #readOne(cell: string | number): number {
    return typeof cell === "number" ? this.#reader.readNumber(cell) : this.#reader.readCell(cell);
  }
}
