import type { SortedWindow } from "../../src/core/sorted-window/sorted-window.ts";
import type { WindowMemory } from "../../src/core/sorted-window/window-memory.ts";

/** The vote of one feature: its surprise in nats, and the side of its reference. */
interface Vote {
  readonly surprise: number;
  readonly high: boolean;
}

/** Returns a function that lets the kernel vote on a value, with `reference` as its only reference. */
export function voter(memory: WindowMemory, reference: SortedWindow): (x: number) => Vote {
  const row = memory.reserve(3 * 8);
  return (x) => {
    memory.numbers[row / 8] = x;
    memory.kernel.vote(reference.address, 0, row, 1, 1, false);
    const [surprise, side] = memory.numbers.subarray(row / 8 + 1, row / 8 + 3);
    return { surprise: surprise as number, high: side === 1 };
  };
}
