import type { Layout } from "../../../core/layout.ts";
import type { Path } from "../../document.ts";
import { suggestAndList } from "../../suggest.ts";
import { type FeatureTable, noNumericColumn, nonNumericReason } from "../features.ts";
import type { Findings, Hint } from "../findings.ts";

/** Finds the inputs of detectors: numeric columns, declared features, and features named by convention. */
export class InputTable {
  readonly #layout: Layout;
  readonly #features: FeatureTable;
  readonly #findings: Findings;

  constructor(layout: Layout, features: FeatureTable, findings: Findings) {
    this.#layout = layout;
    this.#features = features;
    this.#findings = findings;
  }

  /**
   * Index of an input, as in `DetectorPlan.inputs`. An unknown name is a fault and gives -1.
   *
   * @param part Offset of the name in the text at `path`; "value" if the name is the whole text.
   */
  find(name: string, path: Path, part: "value" | number = "value"): number {
    const column = this.#layout.numeric.indexOf(name);
    if (column >= 0) return column;
    const feature = this.#features.find(name, path);
    if (feature !== null) return this.#layout.numeric.length + feature;
    this.#findings.fault(path, ...this.#unknown(name), part);
    return -1;
  }

  #unknown(name: string): [message: string, hint: Hint] {
    if (nonNumericReason(name, this.#layout) !== null) return noNumericColumn(name, this.#layout);
    const known = (): string[] => [...this.#features.names, ...this.#layout.numeric];
    return [
      `"${name}" is not a numeric column, a declared feature or <column>_<function>_<window>`,
      () => suggestAndList(name, known(), "Known names are"),
    ];
  }
}
