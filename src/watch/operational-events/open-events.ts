import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** Something that is wrong, as receivers were told. */
export interface OpenEvent {
  /** What it is about: the short name of a source, a sensor. */
  readonly subject: string;
  /** Ms since epoch. */
  readonly sinceMs: number;
}

/**
 * What receivers believe to be wrong: kept in a file, as no checkpoint is due when a source goes and its
 * pipeline may not be known yet. Without it, an alert that was open at the stop would be so for ever.
 */
export class OpenEvents {
  readonly #path: string;
  readonly #warn: (text: string) => void;
  readonly #open: Map<string, OpenEvent>;
  #isSaved = true;

  /**
   * Reads what the last run left; what can't be read is taken as nothing.
   *
   * @param path Need not be there.
   * @param warn Takes why the file can't be written: then a restart does not know.
   */
  constructor(path: string, warn: (text: string) => void) {
    this.#path = path;
    this.#warn = warn;
    this.#open = new Map(read(path));
  }

  /** By name, of a source for example. */
  get all(): ReadonlyMap<string, OpenEvent> {
    return this.#open;
  }

  set(name: string, event: OpenEvent): void {
    this.#open.set(name, event);
    this.#isSaved = false;
  }

  delete(name: string): void {
    if (this.#open.delete(name)) this.#isSaved = false;
  }

  /** Keeps what has changed, before anybody is told. Waits for the disk. */
  save(): void {
    if (this.#isSaved) return;
    this.#isSaved = true;
    const draft = `${this.#path}.new`;
    try {
      writeFileSync(draft, `${JSON.stringify(Object.fromEntries(this.#open))}\n`, { flush: true });
      renameSync(draft, this.#path);
    } catch (cause) {
      this.#warn(`which messages are open can't be kept: ${(cause as Error).message}`);
    }
  }
}

function read(path: string): readonly (readonly [string, OpenEvent])[] {
  try {
    const events: Readonly<Record<string, unknown>> = JSON.parse(readFileSync(path, "utf8"));
    return Object.entries(events).flatMap(([name, event]) =>
      isOpen(event) ? [[name, event]] : [],
    );
  } catch {
    return [];
  }
}

function isOpen(value: unknown): value is OpenEvent {
  const { subject, sinceMs } = (value ?? {}) as Partial<Record<keyof OpenEvent, unknown>>;
  return typeof subject === "string" && typeof sinceMs === "number";
}
