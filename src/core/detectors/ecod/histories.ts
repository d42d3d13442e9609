import type { History } from "../../sorted-window/history.ts";
import { SortedWindow } from "../../sorted-window/sorted-window.ts";
import { Summary } from "../../sorted-window/summary.ts";
import type { WindowMemories, WindowMemory } from "../../sorted-window/window-memory.ts";
import { calibrators, ecodValues } from "./bytes.ts";
import { capacities, type EcodConfig } from "./config.ts";

/** The memory of a detector that the kernel works on. */
export interface Histories {
  readonly memory: WindowMemory;
  /** Of each feature. */
  readonly references: readonly History[];
  /** Addresses of the references, a list in the memory. */
  readonly list: number;
  /** Of scores, one for each expert. */
  readonly scores: readonly History[];
  /** Address of the last row: values, surprises (NaN: no vote) and sides (1: high). */
  readonly row: number;
}

/** @throws {RangeError} If a window is out of range, or the windows are too large. */
export function createHistories(
  config: EcodConfig,
  dimension: number,
  memories: WindowMemories,
): Histories {
  const windows = dimension + calibrators(config);
  const memory = memories.withRoom(windows, ecodValues(config, dimension));
  return historiesIn(memory, config, dimension, null);
}

/**
 * Empty histories that all detectors of this shape in the memory share, one after the other, for scoring without learning.
 *
 * @param config Of compact references.
 */
export function spareHistories(
  memory: WindowMemory,
  config: EcodConfig,
  dimension: number,
): Histories {
  const shape = `${dimension} features, ${calibrators(config)} experts`;
  const blocks = memory.spare(shape, () => historiesIn(memory, config, dimension, null));
  return historiesIn(memory, config, dimension, blocks);
}

/** @param blocks Whose blocks are used anew; null: the histories get their own. */
function historiesIn(
  memory: WindowMemory,
  config: EcodConfig,
  dimension: number,
  blocks: Histories | null,
): Histories {
  const { reference, calibration } = capacities(config);
  const create = (window: number, oneSided: boolean, block: History | undefined): History =>
    config.reference === "compact"
      ? new Summary(memory, { oneSided, window }, block?.address ?? null)
      : new SortedWindow(memory, window);
  const references = Array.from({ length: dimension }, (_, j) =>
    create(reference, false, blocks?.references[j]),
  );
  const scores = Array.from({ length: calibrators(config) }, (_, i) =>
    create(calibration, true, blocks?.scores[i]),
  );
  return {
    memory,
    references,
    scores,
    list: blocks?.list ?? memory.createList(references.map(({ address }) => address)),
    row: blocks?.row ?? memory.createRow(dimension),
  };
}
