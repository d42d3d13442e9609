import { IotmonError } from "../../../../core/errors.ts";
import type { RejectLog } from "../../../../io/rejects.ts";
import { placeOf } from "../../../../io/time-rejects.ts";
import { parseShare } from "../../../options/kinds.ts";
import type { Kind } from "../../../options/table.ts";

/** How many rejected rows `--max-rejects` allows. */
export type RejectLimit =
  | { readonly kind: "count"; readonly count: number }
  | { readonly kind: "share"; readonly share: number };

/** The value of `--max-rejects`: a number of rows, or a share of them. */
export const REJECT_LIMIT: Kind<RejectLimit> = {
  parse(given) {
    const share = parseShare(given);
    if (share === undefined) return undefined;
    if (given.endsWith("%")) return share <= 1 ? { kind: "share", share } : undefined;
    return Number.isInteger(share) ? { kind: "count", count: share } : undefined;
  },
  expected: "a number of rows such as 10, or a share such as 1%",
  completion: "nothing",
};

/**
 * Compares the rejected rows so far with `--max-rejects`.
 *
 * @param atEnd Whether the recording was read to its end. A share is checked only then.
 * @throws {IotmonError} `ERR_DATA` when more rows are rejected than allowed.
 */
export function checkRejects(
  rejects: RejectLog,
  readings: number,
  limit: RejectLimit | undefined,
  atEnd: boolean,
): void {
  if (limit === undefined) return;
  const { total } = rejects;
  const share = total / Math.max(1, readings + total);
  const tooMany = limit.kind === "count" ? total > limit.count : atEnd && share > limit.share;
  if (!tooMany) return;
  const allowed = limit.kind === "count" ? `${limit.count}` : `${100 * limit.share} %`;
  const rows = readings + total;
  const [first] = rejects.examples;
  const found = limit.kind === "count" ? `${total}` : `${total} of ${rows}`;
  const noun = (limit.kind === "count" ? total : rows) === 1 ? "row" : "rows";
  throw new IotmonError("ERR_DATA", `${found} ${noun} rejected; --max-rejects allows ${allowed}`, {
    at: first && placeOf(first),
    hint: first && `The first one: ${first.detail}`,
  });
}
