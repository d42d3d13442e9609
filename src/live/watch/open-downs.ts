import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** A source that is down, as receivers were told. */
export interface OpenDown {
  /** Its short name. */
  readonly subject: string;
  /** Ms since epoch. */
  readonly sinceMs: number;
}

/**
 * Which sources receivers believe to be down: kept in a file, as no checkpoint is due when a source goes and
 * its pipeline may not be known yet. Without it, an alert that was open at the stop would be so for ever.
 */
export class OpenDowns {
  readonly #path: string;
  readonly #warn: (text: string) => void;
  readonly #downs: Map<string, OpenDown>;

  /**
   * Reads what the last run left; what can't be read is taken as nothing.
   *
   * @param path Need not be there.
   * @param warn Takes why the file can't be written: then a restart does not know.
   */
  constructor(path: string, warn: (text: string) => void) {
    this.#path = path;
    this.#warn = warn;
    this.#downs = new Map(read(path));
  }

  /** By name of the source. */
  get all(): ReadonlyMap<string, OpenDown> {
    return this.#downs;
  }

  set(name: string, down: OpenDown): void {
    this.#downs.set(name, down);
    this.#write();
  }

  delete(name: string): void {
    if (this.#downs.delete(name)) this.#write();
  }

  #write(): void {
    const draft = `${this.#path}.new`;
    try {
      writeFileSync(draft, `${JSON.stringify(Object.fromEntries(this.#downs))}\n`, { flush: true });
      renameSync(draft, this.#path);
    } catch (cause) {
      this.#warn(`which sources are down can't be kept: ${(cause as Error).message}`);
    }
  }
}

function read(path: string): readonly (readonly [string, OpenDown])[] {
  try {
    const downs: Readonly<Record<string, unknown>> = JSON.parse(readFileSync(path, "utf8"));
    return Object.entries(downs).flatMap(([name, down]) => (isDown(down) ? [[name, down]] : []));
  } catch {
    return [];
  }
}

function isDown(value: unknown): value is OpenDown {
  const { subject, sinceMs } = (value ?? {}) as Partial<Record<keyof OpenDown, unknown>>;
  return typeof subject === "string" && typeof sinceMs === "number";
}
