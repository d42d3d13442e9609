import type { Fault } from "../../core/errors.ts";
import { faultAt, type Locate, MAX_FAULTS, type Path } from "../document.ts";

/** What to do about a fault, or a function that finds it out. */
export type Hint = string | (() => string | undefined) | undefined;

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

  /**
   * Adds a fault. After a hundred, it only notes that there are more.
   *
   * @param hint A function is called only for a fault that is kept, as finding a similar name takes long.
   * @param part The key or the value at `path`, or an offset in its text.
   */
  fault(path: Path, message: string, hint?: Hint, part: "key" | "value" | number = "value"): void {
    const [section, index] = path;
    if (this.#skipped.has(String(section)) || this.#skipped.has(`${section}.${index}`)) return;
    if (this.faults.length > MAX_FAULTS) return;
    const isLast = this.faults.length === MAX_FAULTS;
    this.faults.push(
      isLast
        ? faultAt(this.#locate, path, "this and further faults are not explained", undefined, part)
        : faultAt(this.#locate, path, message, textOf(hint), part),
    );
  }

  /** Adds a warning, unless there are a hundred. */
  warn(path: Path, message: string, hint?: Hint): void {
    if (this.warnings.length >= MAX_FAULTS) return;
    this.warnings.push(faultAt(this.#locate, path, message, textOf(hint)));
  }
}

function textOf(hint: Hint): string | undefined {
  return typeof hint === "function" ? hint() : hint;
}
