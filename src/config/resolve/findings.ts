import type { Fault } from "../../core/errors.ts";
import { faultAt, type Locate, type Path } from "../document.ts";

/** Collects the faults and warnings of a pipeline, each with its place. */
export class Findings {
  readonly faults: Fault[] = [];
  readonly warnings: Fault[] = [];
  readonly #locate: Locate;
  readonly #skipped: ReadonlySet<string>;

  /** @param skipped Sections and entries whose faults are left out, such as `detectors.0`. */
  constructor(locate: Locate, skipped: ReadonlySet<string> = new Set()) {
    this.#locate = locate;
    this.#skipped = skipped;
  }

  /** @param part The key or the value at `path`, or an offset in its text. */
  fault(
    path: Path,
    message: string,
    hint?: string,
    part: "key" | "value" | number = "value",
  ): void {
    const [section, index] = path;
    if (this.#skipped.has(String(section)) || this.#skipped.has(`${section}.${index}`)) return;
    this.faults.push(faultAt(this.#locate, path, message, hint, part));
  }

  warn(path: Path, message: string, hint?: string): void {
    this.warnings.push(faultAt(this.#locate, path, message, hint));
  }
}
