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
  /** When it arrived, ms of any clock that only goes forward. */
  readonly arrivedMs: number;
  /** Whether the journal has it. */
  isKept: boolean;
  /** Acknowledgements that wait for the journal. */
  readonly waiting: (() => void)[];
}

/** Time after which a broker has read an acknowledgement, ms. */
const READ_MS = 60_000;
/** Maximum number of messages. */
const MOST = 1000;

/**
 * The last messages, by which a repeated one is recognised: a broker repeats those whose acknowledgement it has not read.
 * Part of the position of a source, so that it survives a restart.
 *
 * A broker should not send more than it may without an acknowledgement. Mosquitto 2.0.11 does after a reconnection (231
 * instead of 20 were seen), so the messages of a minute are kept, too.
 */
export class RecentMessages {
  readonly #capacity: number;
  /** By packet id, in order of arrival: an id is free again once its message was acknowledged. */
  readonly #byId = new Map<string, TakenMessage>();

  /**
   * @param capacity Messages that the broker may send without an acknowledgement.
   * @param position Of the last session; null: there is none.
   * @param nowMs As in {@link take}.
   */
  constructor(capacity: number, position: SourcePosition | null, nowMs: number) {
    this.#capacity = capacity;
    const tokens = String(position?.["recent"] ?? "").split(" ");
    for (const token of tokens.filter((one) => one !== "")) {
      this.#byId.set(idOf(token), { token, arrivedMs: nowMs, isKept: true, waiting: [] });
    }
  }

  /**
   * Takes a message. O(1), amortised.
   *
   * @param nowMs When it arrived.
   * @returns Whether it is new. A repeated one has the packet id, topic and payload of a recent one.
   */
  take(
    message: ArrivedMessage,
    nowMs: number,
  ): { readonly taken: TakenMessage; readonly isNew: boolean } {
    const token = tokenOf(message);
    const id = idOf(token);
    const known = this.#byId.get(id);
    if (message.isAgain && known?.token === token) return { taken: known, isNew: false };
    const taken: TakenMessage = { token, arrivedMs: nowMs, isKept: false, waiting: [] };
    this.#byId.delete(id); // the new one comes last
    this.#byId.set(id, taken);
    this.#forget(nowMs);
    return { taken, isNew: true };
  }

  /** As part of a position. */
  get position(): string {
    return Array.from(this.#byId.values(), ({ token }) => token).join(" ");
  }

  #forget(nowMs: number): void {
    for (const [id, { arrivedMs }] of this.#byId) {
      const { size } = this.#byId;
      if (size <= this.#capacity || (size <= MOST && nowMs - arrivedMs < READ_MS)) return;
      this.#byId.delete(id);
    }
  }
}

function idOf(token: string): string {
  return token.slice(0, token.indexOf("."));
}

function tokenOf({ id, topic, payload }: ArrivedMessage): string {
  const hash = createHash("sha1").update(topic).update("\0").update(payload);
  return `${id.toString(36)}.${hash.digest("base64url").slice(0, DIGEST)}`;
}
