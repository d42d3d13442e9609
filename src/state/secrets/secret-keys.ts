import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from "node:crypto";
import { appendFileSync, readFileSync, statSync } from "node:fs";
import { FILE_MODE } from "../files/private-files.ts";
import { stateError } from "../state-error.ts";

/** Name of the file in a state directory, unless it is elsewhere. */
export const KEY_FILE = "secrets.key";

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const OTHERS = 0o077;

const LINE = /^iotmon-key-1 ([A-Za-z0-9_-]{43})$/;

/**
 * The keys that seal secrets, in a file of their own with one key per line. The last one seals; each opens what it has
 * sealed. The first secret creates the file.
 *
 * Sealing is AES-256-GCM. The nonce is an HMAC of the text and its label, so that the same text gives the same bytes;
 * different texts get different nonces.
 */
export class SecretKeys {
  readonly path: string;
  readonly #report: (message: string) => void;
  #keys: Map<string, Buffer> | null = null;

  /** @param report Receives faults of the file, a sentence each. */
  constructor(path: string, report: (message: string) => void) {
    this.path = path;
    this.#report = report;
  }

  /**
   * Seals a text.
   *
   * @param label What the text belongs to: it opens with the same label only.
   * @throws {IotmonError} `ERR_IO`, `ERR_PERMISSION`, `ERR_CANT_CREATE` if the file has no key and can't be written.
   */
  seal(text: string, label: string): string {
    const [id, key] = [...this.#load()].at(-1) ?? this.#create();
    const nonce = derived(key, "nonce", `${label}\n${text}`).subarray(0, NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, derived(key, "cipher"), nonce).setAAD(Buffer.from(label));
    const bytes = [nonce, cipher.update(text, "utf8"), cipher.final()];
    return `${id}.${Buffer.concat([...bytes, cipher.getAuthTag()]).toString("base64url")}`;
  }

  /** Opens what {@link seal} returned; null if its key is missing or it is damaged. */
  open(sealed: string, label: string): string | null {
    const [id = "", data = ""] = sealed.split(".");
    const key = this.#load().get(id);
    const bytes = Buffer.from(data, "base64url");
    if (key === undefined || bytes.length < NONCE_BYTES + TAG_BYTES) return null;
    const decipher = createDecipheriv(
      CIPHER,
      derived(key, "cipher"),
      bytes.subarray(0, NONCE_BYTES),
    )
      .setAAD(Buffer.from(label))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([text, decipher.final()]).toString();
    } catch {
      return null;
    }
  }

  #load(): Map<string, Buffer> {
    this.#keys ??= new Map(this.#read());
    return this.#keys;
  }

  *#read(): Generator<[string, Buffer]> {
    let text: string;
    try {
      text = readFileSync(this.path, "utf8");
      if (process.platform !== "win32" && (statSync(this.path).mode & OTHERS) !== 0) {
        this.#report(`other users can read the key file ${this.path}: set its mode to 0600`);
      }
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code !== "ENOENT") this.#report(`the key file ${this.path} can't be read: ${message}`);
      return;
    }
    for (const [i, line] of text.split("\n").entries()) {
      if (line === "") continue;
      const key = LINE.exec(line)?.[1];
      if (key !== undefined) yield entryOf(Buffer.from(key, "base64url"));
      else this.#report(`line ${i + 1} of the key file ${this.path} is damaged: it is not a key`);
    }
  }

  #create(): [string, Buffer] {
    const key = randomBytes(KEY_BYTES);
    try {
      const line = `\niotmon-key-1 ${key.toString("base64url")}\n`; // a cut line may be before it
      appendFileSync(this.path, line, { mode: FILE_MODE, flush: true });
    } catch (cause) {
      throw stateError("the key file for secrets", this.path, cause);
    }
    const entry = entryOf(key);
    this.#load().set(...entry);
    return entry;
  }
}

function entryOf(key: Buffer): [string, Buffer] {
  return [createHash("sha256").update(key).digest("hex").slice(0, 8), key];
}

function derived(key: Buffer, use: "cipher" | "nonce", text = ""): Buffer {
  return createHmac("sha256", key).update(`${use}\n${text}`).digest();
}
