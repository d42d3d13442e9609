import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Damage } from "../state-error.ts";
import { FILE_MODE } from "./private-files.ts";

const DAMAGE_FILE = "damage.jsonl";

/** Number of damages that are kept, the newest. */
const MOST = 100;

/** A damage, and when it was found. */
export interface FoundDamage extends Damage {
  /** Ms since epoch. */
  readonly foundMs: number;
}

interface StoredDamage extends FoundDamage {
  /** Whether a process that ran the directory has reported it. */
  readonly isTold: boolean;
}

/**
 * The damages of a state directory, in a file of its own: a damaged log is repaired when it is opened, and then shows
 * no trace.
 */
export class DamageHistory {
  readonly #path: string;
  #all: StoredDamage[];
  readonly #fresh: FoundDamage[] = [];

  /** Reads the history of a state directory. A missing or unreadable file is an empty history. */
  constructor(folder: string) {
    this.#path = join(folder, DAMAGE_FILE);
    this.#all = read(this.#path);
  }

  /** The oldest first. */
  get all(): readonly FoundDamage[] {
    return this.#all;
  }

  /** Those that were not told before this process. */
  get fresh(): readonly FoundDamage[] {
    return this.#fresh;
  }

  /** Whether a damage is known. */
  has({ at, message }: Damage): boolean {
    return this.#all.some((known) => known.at === at && known.message === message);
  }

  /** Adds a damage unless it is known: some are found at each start. Ignores errors of the disk. */
  add(damage: Damage, foundMs: number, isTold: boolean): void {
    if (this.has(damage)) return;
    const found = { ...damage, foundMs, isTold };
    this.#fresh.push(found);
    this.#all.push(found);
    this.#save();
  }

  /** Marks all as told. @returns Those that were not. */
  tell(): readonly FoundDamage[] {
    const untold = this.#all.filter(({ isTold }) => !isTold);
    if (untold.length === 0) return [];
    this.#all = this.#all.map((damage) => ({ ...damage, isTold: true }));
    this.#fresh.push(...untold);
    this.#save();
    return untold;
  }

  #save(): void {
    this.#all = this.#all.slice(-MOST);
    const draft = `${this.#path}.new`;
    const text = this.#all.map((one) => `${JSON.stringify(one)}\n`).join("");
    try {
      writeFileSync(draft, text, { flush: true, mode: FILE_MODE });
      renameSync(draft, this.#path);
    } catch {
      // it is reported in any case
    }
  }
}

function read(path: string): StoredDamage[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return isFound(value) ? [value] : [];
    } catch {
      return []; // a damaged line costs only itself
    }
  });
}

function isFound(value: unknown): value is StoredDamage {
  const { at, message, records, bytes, foundMs, isTold } = (value ?? {}) as Partial<StoredDamage>;
  return (
    typeof at === "string" &&
    typeof message === "string" &&
    typeof isTold === "boolean" &&
    [records, bytes, foundMs].every((number) => Number.isSafeInteger(number))
  );
}
