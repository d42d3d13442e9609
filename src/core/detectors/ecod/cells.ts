/** Numbers in a memory that may grow: `memory.numbers[at]` and those after it. */
export interface Cells {
  readonly memory: { readonly numbers: Float64Array };
  readonly at: number;
}
