import { WindowSet } from "../../core/features/window-set.ts";
import { createEvaluation } from "../evaluation/create-evaluation.ts";
import type { Evaluation } from "../evaluation/evaluation.ts";
import { type EnginePlan, windowSets } from "../plan.ts";
import { ALERTS_BYTES, createCommon, KEY_BYTES, type KeyCommon } from "./key-common.ts";
import { type KeyPart, loadParts, type SavedPart, type Versions } from "./snapshot-parts.ts";

/** Receives the reason why the saved windows and models of a key can't be used: they start empty. */
export type ReportLost = (error: Error) => void;

/** How windows and models wait. */
export interface LazyLoad {
  /** Names of the parts that can wait. */
  readonly names: ReadonlySet<string>;
  readonly report: ReportLost;
}

/** Saved windows and models that nothing has needed yet. */
interface Waiting {
  readonly parts: readonly SavedPart[];
  readonly report: ReportLost;
}

/**
 * Windows, models and alerts of one key. Restored windows and models can wait as saved parts until the key has a reading
 * or a score call: most of the time and memory of a restore is theirs. Alerts and deadlines never wait.
 */
export class KeyModels {
  readonly evaluations: readonly Evaluation[];
  readonly #plan: EnginePlan;
  readonly #keyName: string;
  readonly #common: KeyCommon;
  #windows: readonly WindowSet[] | null = null;
  #waiting: Waiting | null = null;
  /** Whether saved windows and models could not be used: their versions began anew, so they tell nothing. */
  #isAnew = false;

  /** Parameters as for `KeyState`. */
  constructor(plan: EnginePlan, key: number, keyName: string, common: KeyCommon) {
    this.#plan = plan;
    this.#keyName = keyName;
    this.#common = common;
    this.evaluations = plan.detectors.map((_, index) =>
      createEvaluation(plan, index, key, keyName, common.memories),
    );
  }

  /** The window sets, for use: nothing waits any longer. */
  get windows(): readonly WindowSet[] {
    if (this.#waiting !== null) this.wake();
    this.#windows ??= this.#common.windows.map((plan) => new WindowSet(plan));
    return this.#windows;
  }

  /** Bytes of memory. */
  get bytes(): number {
    const held = [...(this.#windows ?? []), ...this.evaluations];
    const waiting = (this.#waiting?.parts ?? []).map(({ bytes }) => bytes.length);
    return waiting.reduce(
      (a, b) => a + b,
      held.reduce(
        (sum, { bytes }) => sum + bytes,
        KEY_BYTES + this.evaluations.length * ALERTS_BYTES,
      ),
    );
  }

  /** Restores windows and models that wait. If they can't be used, all of them start empty. */
  wake(): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    this.#waiting = null;
    try {
      loadParts(this.#large(0), waiting.parts, this.#keyName);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#isAnew = true;
      this.#windows = null;
      for (const evaluation of this.evaluations) evaluation.renewModel();
      waiting.report(error);
    }
  }

  /**
   * Loads saved parts. A unit with a missing part keeps its initial state.
   *
   * @param lazy With it, windows and models wait, if all of their parts are there.
   * @throws {IotmonError} `ERR_STATE` if a part that does not wait does not fit the plan or is damaged.
   */
  load(saved: readonly SavedPart[], lazy: LazyLoad | null): void {
    loadParts(this.#small(), saved, this.#keyName);
    const large = lazy === null ? [] : saved.filter(({ name }) => lazy.names.has(name));
    if (lazy === null || large.length < lazy.names.size) {
      loadParts(this.#large(0), saved, this.#keyName);
      return;
    }
    for (const evaluation of this.evaluations) evaluation.modelWaits(large);
    this.#waiting = { parts: large, report: lazy.report };
  }

  /**
   * Parts in use that differ from the saved ones.
   *
   * @param version Of the windows.
   */
  changed(version: number, saved: Versions): KeyPart[] {
    const isChanged = (part: KeyPart): boolean => saved.get(part.name) !== part.version;
    const small = this.#small().filter(isChanged);
    if (this.#waiting !== null) return small;
    const large = this.#large(version);
    return [...small, ...(this.#isAnew ? large : large.filter(isChanged))];
  }

  /** Parts that wait and differ from the saved ones. */
  waiting(saved: Versions): SavedPart[] {
    const parts = this.#waiting?.parts ?? [];
    return parts.filter(({ name, version }) => saved.get(name) !== version);
  }

  /** Names of the parts that can wait. Creates all windows and models. */
  largeNames(): ReadonlySet<string> {
    return new Set(this.#large(0).map(({ name }) => name));
  }

  #small(): KeyPart[] {
    return this.evaluations.flatMap((evaluation) => evaluation.parts());
  }

  #large(version: number): KeyPart[] {
    const names = windowSets(this.#plan).map(({ name }) => name);
    const windows = this.windows.map((set, s): KeyPart => {
      const name = names[s] as string;
      return {
        name,
        unit: name,
        version,
        save: (writer) => set.save(writer),
        load: (reader) => set.load(reader),
      };
    });
    return [...windows, ...this.evaluations.flatMap((evaluation) => evaluation.modelParts())];
  }
}

/** Names of the parts of a key that can wait. */
export function largePartNames(plan: EnginePlan): ReadonlySet<string> {
  return new KeyModels(plan, 0, "", createCommon(plan)).largeNames();
}
