import type { History } from "../../sorted-window/history.ts";
import { SortedWindow } from "../../sorted-window/sorted-window.ts";
import { SUMMARY_BYTES, SUMMARY_EXCESS, Summary } from "../../sorted-window/summary.ts";
import type { WindowMemories, WindowMemory } from "../../sorted-window/window-memory.ts";
import type { Cells } from "./cells.ts";
import type { Shape } from "./shape.ts";
import type { Room } from "./warm-up/held-rows.ts";

const LINE_BYTES = 64;

/**
 * The memory of a detector, in one piece: its numbers, the score histories of its experts, the references of its features.
 */
export class Block {
  readonly memory: WindowMemory;
  /** Address of the numbers, which begin with the values of the last row. */
  readonly address: number;
  /** Address of the first score history. */
  readonly histories: number;
  /** Address of the reference of the first feature, and distance of the others, bytes. */
  readonly references: number;
  readonly stride: number;
  readonly #shape: Shape;

  /** @param histories Address of the first score history, which may be that of another detector. */
  constructor(memory: WindowMemory, shape: Shape, address: number, histories: number) {
    const { reference, calibration } = shape.capacities;
    this.memory = memory;
    this.address = address;
    this.histories = histories;
    this.references = histories + shape.experts * historyBytes(memory, shape, calibration);
    this.stride = historyBytes(memory, shape, reference);
    this.#shape = shape;
  }

  /** Bytes from the address on that each row needs, or 0 if it needs a small part of them. */
  get needed(): number {
    const { config, dimension } = this.#shape;
    if (config.reference === "exact") return 0;
    return this.references + dimension * SUMMARY_BYTES - this.address;
  }

  /** The numbers of the layout from this offset on. */
  cells(offset: number): Cells {
    return { memory: this.memory, at: this.address / 8 + offset };
  }

  /** The reference of a feature. */
  reference(feature: number): History {
    const { reference } = this.#shape.capacities;
    return this.#history(reference, false, this.references + feature * this.stride);
  }

  /** The numbers of its histories if they are compact; else none. */
  get room(): Room {
    const { config, dimension } = this.#shape;
    const bytes = this.references + dimension * this.stride - this.histories;
    return {
      memory: this.memory,
      at: this.histories / 8,
      length: config.reference === "compact" ? bytes / 8 : 0,
    };
  }

  /** The references of all features. */
  allReferences(): readonly History[] {
    return this.#shape.config.columns.map((_, feature) => this.reference(feature));
  }

  /** The score histories. */
  scores(): readonly History[] {
    const { capacities, experts } = this.#shape;
    const { calibration } = capacities;
    const bytes = historyBytes(this.memory, this.#shape, calibration);
    return Array.from({ length: experts }, (_, i) =>
      this.#history(calibration, true, this.histories + i * bytes),
    );
  }

  /** Makes its numbers 0. */
  clear(): void {
    const at = this.address / 8;
    this.memory.numbers.fill(0, at, at + this.#shape.layout.length);
  }

  /** Makes its histories empty. Exact ones must be in memory that was never used. */
  clearHistories(): void {
    const { dimension, experts, capacities, config } = this.#shape;
    const { kernel } = this.memory;
    const create = (from: number, count: number, window: number, oneSided: boolean): void => {
      const bytes = historyBytes(this.memory, this.#shape, window);
      for (let address = from; address < from + count * bytes; address += bytes) {
        if (config.reference === "compact") kernel.createSummary(address, oneSided, window);
        else kernel.createWindow(address, window);
      }
    };
    create(this.histories, experts, capacities.calibration, true);
    create(this.references, dimension, capacities.reference, false);
  }

  #history(window: number, oneSided: boolean, address: number): History {
    return this.#shape.config.reference === "compact"
      ? new Summary(this.memory, { oneSided, window }, address)
      : new SortedWindow(this.memory, window, address);
  }
}

/**
 * Creates a block. Its histories are empty if they are exact; else they must be cleared.
 *
 * @throws {RangeError} If a window is out of range, or the windows are too large.
 */
export function createBlock(shape: Shape, memories: WindowMemories): Block {
  const { values, dimension, experts } = shape;
  const memory = memories.withRoom(dimension + experts, values);
  const block = reserveBlock(memory, shape);
  if (shape.config.reference === "exact") block.clearHistories();
  return block;
}

/**
 * A block for scoring without learning, which all detectors of this shape in the memory share, one after the other. It has
 * empty histories, or those of the lender if they are exact.
 */
export function spareBlock(lender: Block, shape: Shape): Block {
  const { memory } = lender;
  const { layout, config } = shape;
  if (config.reference === "exact") {
    const numbers = () => memory.reserve(8 * layout.length);
    const address = memory.spare(`${layout.length} numbers`, numbers);
    return new Block(memory, shape, address, lender.histories);
  }
  return clearedBlock("to score", lender, shape);
}

/** An empty block in place of that of a detector whose histories are not cleared yet. */
export function emptyBlock(block: Block, shape: Shape): Block {
  return clearedBlock("empty", block, shape);
}

function clearedBlock(use: string, { memory }: Block, shape: Shape): Block {
  const { layout, experts, dimension } = shape;
  const name = `${use}: ${layout.length} numbers, ${experts} experts, ${dimension} features`;
  const { address, histories } = memory.spare(name, () => reserveBlock(memory, shape));
  const block = new Block(memory, shape, address, histories);
  block.clear();
  block.clearHistories();
  return block;
}

function reserveBlock(memory: WindowMemory, shape: Shape): Block {
  const { layout, capacities, experts, dimension } = shape;
  const { reference, calibration } = capacities;
  const numbers = Math.ceil((8 * layout.length) / LINE_BYTES) * LINE_BYTES;
  const histories =
    experts * historyBytes(memory, shape, calibration) +
    dimension * historyBytes(memory, shape, reference);
  const most = Math.max(calibration, reference) + SUMMARY_EXCESS;
  const windows = shape.config.reference === "exact" ? experts + dimension : 0;
  const address = memory.reserveValues(numbers + histories, windows, shape.values, most);
  return new Block(memory, shape, address, address + numbers);
}

/** Bytes of a history: whole cache lines. */
function historyBytes(memory: WindowMemory, { config }: Shape, window: number): number {
  return config.reference === "compact" ? SUMMARY_BYTES : memory.kernel.windowBytes(window) >>> 0;
}
