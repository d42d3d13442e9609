import { type Batch, moveRow } from "../../core/batch.ts";
import { NO_KEY } from "./key-codes.ts";

/** A batch without the rows that belong to no key; its arrays are compacted. */
export function dropKeyless(batch: Batch): Batch {
  let kept = 0;
  for (let i = 0; i < batch.length; i++) {
    if (batch.keys[i] === NO_KEY) continue;
    if (kept < i) moveRow(batch, i, kept);
    kept += 1;
  }
  return kept === batch.length ? batch : { ...batch, length: kept };
}
