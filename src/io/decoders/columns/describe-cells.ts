import type { Remark } from "../input-profile.ts";
import { formatRemarks, listNames } from "./profile-columns.ts";
import type { RatedColumn } from "./sampled-column.ts";

/** Remarks on how numbers are written, where they are not plain, and on what counts as missing. */
export function describeCells(columns: readonly RatedColumn[]): readonly Remark[] {
  const numeric = columns.filter(({ role }) => role === "number");
  const units = numeric.flatMap(({ name, cells }) =>
    cells?.unit ? [`${name} ${cells.unit}`] : [],
  );
  return [
    ...(units.length === 0 ? [] : formatRemarks(`units: ${listNames(units)}`)),
    ...numeric.flatMap(describeThousands),
    ...numeric.flatMap(describeMissing),
  ];
}

function describeThousands(column: RatedColumn): readonly Remark[] {
  const { name, cells, isDoubtful, examples } = column;
  if (cells === undefined || cells.thousands === null || cells.thousands === "blank") return [];
  const mark = cells.thousands;
  const example = examples.find((cell) => cell.includes(mark)) ?? "";
  const text = `a ${mark === "." ? "dot" : "comma"} groups thousands in "${name}", such as ${example}`;
  if (!isDoubtful) return [{ topic: "format", text, column: name }];
  return [{ topic: "check", text, column: name, setting: "source.decimal_mark" }];
}

/** Codes and words that stand for no value. */
function describeMissing({ name, sentinels = [], placeholders }: RatedColumn): readonly Remark[] {
  const found = [
    ...sentinels.filter(({ count }) => count > 0),
    ...[...placeholders].map(([value, count]) => ({ value: `"${value}"`, count })),
  ];
  return found.map(({ value, count }) => {
    return { topic: "missing", column: name, text: `${name} ${value} (${count} in the sample)` };
  });
}
