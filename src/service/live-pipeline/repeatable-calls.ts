/** Time for which a call is known, ms. */
const KEPT_MS = 24 * 3_600_000;
/** Calls that are saved and forgotten together. */
const BLOCK_CALLS = 1000;
/** Maximum number of blocks: the oldest calls go first. */
const MAX_BLOCKS = 100;

/** What identifies a call that a client may send again. */
export interface RepeatableCall {
  /** Chosen by the client. */
  readonly key: string;
  /** Differs for another body or query. */
  readonly digest: string;
}

/** What a call did: the counts of its answer. */
interface CallCounts {
  readonly rowsAppended: number;
  readonly rowsRejected: number;
  readonly rowsEvicted: number;
  readonly warningCount: number;
  /** Messages that it caused. */
  readonly alerts: number;
}

/** A call that was executed. */
export interface ExecutedCall extends RepeatableCall, CallCounts {
  /** Time of its arrival, ms since epoch. */
  readonly at: number;
}

interface Block {
  readonly number: number;
  readonly calls: ExecutedCall[];
}

/**
 * The calls of the last 24 hours that clients may send again, at most 100,000. Blocks of calls only grow, so that a
 * checkpoint writes each of them about once.
 */
export class RepeatableCalls {
  readonly #byKey = new Map<string, ExecutedCall>();
  /** Oldest first. */
  readonly #blocks: Block[] = [];
  #next = 0;

  /** @param at Time of the arrival of the new call, ms since epoch. */
  find(key: string, at: number): ExecutedCall | undefined {
    this.#forget(at);
    const call = this.#byKey.get(key);
    return call !== undefined && at - call.at < KEPT_MS ? call : undefined;
  }

  add(call: ExecutedCall): void {
    let block = this.#blocks.at(-1);
    if (block === undefined || block.calls.length >= BLOCK_CALLS) {
      block = { number: this.#next, calls: [] };
      this.#next += 1;
      this.#blocks.push(block);
      if (this.#blocks.length > MAX_BLOCKS) this.#drop();
    }
    block.calls.push(call);
    this.#byKey.set(call.key, call);
  }

  /** The blocks with their numbers. The same number and length mean the same calls. */
  get blocks(): readonly Block[] {
    return this.#blocks;
  }

  /** Adds a saved block, after those with smaller numbers. */
  load(number: number, calls: readonly ExecutedCall[]): void {
    this.#blocks.push({ number, calls: [...calls] });
    this.#next = number + 1;
    for (const call of calls) this.#byKey.set(call.key, call);
  }

  /** Forgets blocks whose last call is too old. */
  #forget(at: number): void {
    for (let oldest = this.#blocks[0]; oldest !== undefined; oldest = this.#blocks[0]) {
      if (at - (oldest.calls.at(-1)?.at ?? 0) < KEPT_MS) return;
      this.#drop();
    }
  }

  #drop(): void {
    for (const call of this.#blocks.shift()?.calls ?? []) {
      // a later call may have the same key
      if (this.#byKey.get(call.key) === call) this.#byKey.delete(call.key);
    }
  }
}
