/** Values of a line, a point each; null is missing. */
export type Series = readonly (number | null)[];
