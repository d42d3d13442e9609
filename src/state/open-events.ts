import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { FILE_MODE } from "./files/private-files.ts";

/** An operational event that receivers know as firing. */
export interface OpenEvent {
  /** Short name of a source, or a sensor. */
  readonly subject: string;
  /** Ms since epoch. */
  readonly sinceMs: number;
}

/**
 * The operational events that are firing, in a file of their own and a copy, so that the next session can resolve them.
 * A checkpoint can't hold them: a source may go down before its pipeline is known.
 */
export class OpenEvents {
  readonly #path: string;
  readonly #warn: (text: string) => void;
  readonly #open: Map<string, OpenEvent>;
  #isSaved = true;

  /**
   * Reads the events of the last session. A file that is missing or damaged holds none.
   *
   * @param warn Takes the reason when the file is damaged, or can't be written; then the next session does not know them.
   */
  constructor(path: string, warn: (text: string) => void) {
    this.#path = path;
    this.#warn = warn;
    const found = [path, copyOf(path)].map(read);
    const intact = found.find((file) => typeof file !== "string");
    this.#open = new Map(intact);
    if (intact === undefined && found.includes("damaged")) {
      warn(`${path} is damaged: operational messages that are firing will not be resolved`);
    }
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
    const line = JSON.stringify(Object.fromEntries(this.#open));
    try {
      for (const path of [copyOf(this.#path), this.#path]) {
        const draft = `${path}.new`;
        const text = `${line}\n${checksum(line)}\n`;
        writeFileSync(draft, text, { flush: true, mode: FILE_MODE });
        renameSync(draft, path);
      }
    } catch (cause) {
      this.#warn(`can't store which operational messages are open: ${(cause as Error).message}`);
    }
  }
}

const copyOf = (path: string): string => `${path}.copy`;

function read(path: string): "missing" | "damaged" | readonly (readonly [string, OpenEvent])[] {
  try {
    // older versions wrote no checksum
    const [line = "", sum = ""] = readFileSync(path, "utf8").split("\n");
    if (sum !== "" && sum !== checksum(line)) return "damaged";
    const events = Object.entries(JSON.parse(line) as Readonly<Record<string, unknown>>);
    return events.flatMap(([name, event]) => (isOpen(event) ? [[name, event] as const] : []));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // ENOTDIR: a file in the place of the state directory, which is refused later
    return code === "ENOENT" || code === "ENOTDIR" ? "missing" : "damaged";
  }
}

const checksum = (line: string): string => crc32(line).toString(16);

function isOpen(value: unknown): value is OpenEvent {
  const { subject, sinceMs } = (value ?? {}) as Partial<Record<keyof OpenEvent, unknown>>;
  return typeof subject === "string" && typeof sinceMs === "number";
}
