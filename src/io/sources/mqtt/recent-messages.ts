import { createHash } from "node:crypto";
import type { SourcePosition } from "../live/live-source.ts";

/** Characters of a digest: 48 bits. */
const DIGEST = 8;

/** A message that the broker repeats until it is acknowledged. */
export interface ArrivedMessage {
  readonly id: number;
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Whether the broker sends it again. */
  readonly isAgain: boolean;
}

/** A message that is taken. */
export interface TakenMessage {
  readonly token: string;
  /** Whether the journal has it. */
  isKept: boolean;
  /** Acknowledgements that wait for the journal. */
  readonly waiting: (() => void)[];
}

/**
 * The last messages, by which a repeated one is recognised: a broker repeats those that it sent and that were not
 * acknowledged, never more than `capacity`. Part of the position of a source, so that it survives a restart.
 */
export class RecentMessages {
  readonly #capacity: number;
  #messages: TakenMessage[];

  /** @param position Of the last session; null: there is none. */
  constructor(capacity: number, position: SourcePosition | null) {
    this.#capacity = capacity;
    const tokens = String(position?.["recent"] ?? "")
      .split(" ")
      .filter((token) => token !== "");
    this.#messages = tokens.map((token) => ({ token, isKept: true, waiting: [] }));
  }

  /**
   * Takes a message.
   *
   * @returns Whether it is new. A repeated one has the packet id, topic and payload of a recent one.
   */
  take(message: ArrivedMessage): { readonly taken: TakenMessage; readonly isNew: boolean } {
    const token = tokenOf(message);
    const known = message.isAgain
      ? this.#messages.find((recent) => recent.token === token)
      : undefined;
    if (known !== undefined) return { taken: known, isNew: false };
    const taken: TakenMessage = { token, isKept: false, waiting: [] };
    // an id is free again once its message was acknowledged
    const prefix = token.slice(0, token.indexOf(".") + 1);
    this.#messages = this.#messages.filter((recent) => !recent.token.startsWith(prefix));
    this.#messages.push(taken);
    if (this.#messages.length > this.#capacity) this.#messages.shift();
    return { taken, isNew: true };
  }

  /** As part of a position. */
  get position(): string {
    return this.#messages.map(({ token }) => token).join(" ");
  }
}

function tokenOf({ id, topic, payload }: ArrivedMessage): string {
  const hash = createHash("sha1").update(topic).update("\0").update(payload);
  return `${id.toString(36)}.${hash.digest("base64url").slice(0, DIGEST)}`;
}
