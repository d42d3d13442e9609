import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { FILE_MODE } from "../../state/files/private-files.ts";

/** An operational event that receivers know as firing. */
export interface OpenEvent {
  /** Short name of a source, or a sensor. */
  readonly subject: string;
  /** Ms since epoch. */
  readonly sinceMs: number;
}

/**
 * The operational events that are firing, in a file of their own, so that the next session can resolve them.
 * A checkpoint can't hold them: a source may go down before its pipeline is known.
 */
export class OpenEvents {
  readonly #path: string;
  readonly #warn: (text: string) => void;
  readonly #open: Map<string, OpenEvent>;
  #isSaved = true;

  /**
   * Reads the events of the last session. A file that is missing or unreadable holds none.
   *
   * @param warn Takes the reason when the file can't be written; then the next session does not know them.
   */
  constructor(path: string, warn: (text: string) => void) {
    this.#path = path;
    this.#warn = warn;
    this.#open = new Map(read(path));
  }

  /** By name, for example of a source. */
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

  /** Writes changes to disk, synchronously. Call it before the message is sent. */
  save(): void {
    if (this.#isSaved) return;
    this.#isSaved = true;
    const draft = `${this.#path}.new`;
    try {
      const text = `${JSON.stringify(Object.fromEntries(this.#open))}\n`;
      writeFileSync(draft, text, { flush: true, mode: FILE_MODE });
      renameSync(draft, this.#path);
    } catch (cause) {
      this.#warn(`can't store which operational messages are open: ${(cause as Error).message}`);
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
