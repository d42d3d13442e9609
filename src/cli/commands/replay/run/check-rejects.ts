import { IotmonError } from "../../../../core/errors.ts";
import type { RejectLog } from "../../../../io/rejects.ts";
import type { RejectLimit } from "../../../options/kinds.ts";

/**
 * Holds the rejected rows so far against `--max-rejects`.
 *
 * @param atEnd A share is judged only once everything was read.
 * @throws {IotmonError} `ERR_DATA` when there are too many.
 */
export function checkRejects(
  rejects: RejectLog,
  readings: number,
  limit: RejectLimit | null,
  atEnd: boolean,
): void {
  if (limit === null) return;
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
    at: first && `${first.input}:${first.line}`,
    hint: first && `The first one: ${first.detail}`,
  });
}
