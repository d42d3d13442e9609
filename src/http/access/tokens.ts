import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Fault, IotmonError } from "../../core/errors.ts";

/** What a token allows: `read`, or `write`, which includes reading. */
export type Scope = "read" | "write";

/** An entry of the token file, which holds only the hash of the token. */
interface KnownToken {
  readonly scope: Scope;
  /** SHA-256 of the token. */
  readonly hash: Buffer;
}

const LINE = /^(read|write)\s+sha256:([0-9a-f]{64})(?:\s+.*)?$/i;

/** Random bytes of a new token. They cannot be guessed, so one fast hash is enough. */
const TOKEN_BYTES = 32;

/** The tokens that a server accepts. */
export class Tokens {
  readonly #known: readonly KnownToken[];

  /** @param known At least one. */
  constructor(known: readonly KnownToken[]) {
    this.#known = known;
  }

  /**
   * Scope of a token; null for an unknown one. Takes the same time for every token, which prevents timing
   * attacks.
   */
  scopeOf(token: string): Scope | null {
    const hash = hashOf(token);
    let found: Scope | null = null;
    for (const { scope, hash: known } of this.#known) {
      if (timingSafeEqual(hash, known)) found = scope;
    }
    return found;
  }
}

/** Makes a token for a client, and its line for the token file. */
export function newToken(scope: Scope): { readonly token: string; readonly line: string } {
  const token = `iotmon_${randomBytes(TOKEN_BYTES).toString("base64url")}`;
  return { token, line: `${scope} sha256:${hashOf(token).toString("hex")}` };
}

/**
 * Reads a token file. Each line has `read` or `write`, `sha256:<hex>` and optionally a name; blank lines and
 * lines that begin with `#` are ignored.
 *
 * @param label The path as the user wrote it.
 * @throws {IotmonError} `ERR_NO_INPUT` or `ERR_CONFIG`, with all faults but never the text of a line.
 */
export async function readTokens(path: string, label: string): Promise<Tokens> {
  const text = await readFile(path, "utf8").catch((cause: Error) => {
    throw new IotmonError("ERR_NO_INPUT", `Can't read the token file: ${cause.message}`, {
      at: label,
      cause,
      hint: "Create one with `iotmon serve --new-token write > tokens`",
    });
  });
  const known: KnownToken[] = [];
  const faults: Fault[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    const written = line.trim();
    if (written === "" || written.startsWith("#")) continue;
    const [, scope, hex] = LINE.exec(written) ?? [];
    if (scope !== undefined && hex !== undefined) {
      known.push({ scope: scope.toLowerCase() as Scope, hash: Buffer.from(hex, "hex") });
      continue;
    }
    const message = "must be `read` or `write`, then sha256: and 64 hexadecimal digits";
    const hint = "Write the hash, not the token; `--new-token` prints the line";
    faults.push({ at: `${label}:${i + 1}`, message, hint });
  }
  if (known.length === 0 && faults.length === 0) {
    const hint = "Add a line with `iotmon serve --new-token write >> tokens`";
    faults.push({ at: label, message: "has no token", hint });
  }
  const [first] = faults;
  if (first === undefined) return new Tokens(known);
  if (faults.length === 1) throw new IotmonError("ERR_CONFIG", first.message, first);
  throw new IotmonError("ERR_CONFIG", `${faults.length} faults`, { at: label, faults });
}

function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
