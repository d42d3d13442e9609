import { pairsFunction } from "../kinds/pairs-function.ts";

/** Pearson correlation with a second column, -1..1; missing when either column is constant. */
export const corr = pairsFunction({
  summary: "Pearson correlation with the column `other`, −1 to 1, over the rows with both values",
  unit: null,
  against: "column",
  value: (moments) => {
    const r = moments.xy / (Math.sqrt(moments.xx) * Math.sqrt(moments.yy));
    return Math.max(-1, Math.min(1, r)); // rounding may exceed 1
  },
});
