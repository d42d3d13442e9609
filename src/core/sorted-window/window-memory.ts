import { IotmonError } from "../errors.ts";
import { KERNEL } from "./kernel-code.ts";
import { logTable } from "./log-table.ts";

/**
 * Values that one memory is laid out for at the most, all of one detector among them: 25 bytes each, and 16 more for
 * those of the largest window, make less than the 4 GB that it may have.
 */
export const MOST_VALUES = 100_000_000;
/** What a window takes beside its values, counted in values. */
const WINDOW_VALUES = 100;
const PAGE_BYTES = 65_536;
const MOST_PAGES = 65_536;
/** By how much memory grows at the least, in pages and as a share: all who look at it have to look again. */
const LEAST_PAGES = 16;
const GROWTH = 1 / 8;
const LINE_BYTES = 64;
/** Logarithms that are made at once at the least. */
const LEAST_LOGS = 1024;

/** What is used of WebAssembly: TypeScript knows it only together with the names of browsers. */
interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
type Module = object;
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => Module;
  readonly Instance: new (module: Module, imports: object) => { readonly exports: unknown };
};

/** What the kernel does; see `kernel/`. Addresses are in bytes; those that it gives are negative from 2 GB on. */
export interface Kernel {
  readonly memory: Memory;
  memoryStart(): number;
  windowBytes(capacity: number): number;
  createWindow(address: number, capacity: number): void;
  heldBytes(window: number): number;
  length(window: number): number;
  at(window: number, i: number): number;
  countBelow(window: number, x: number): number;
  excess(window: number, from: number, to: number, base: number): number;
  push(window: number, x: number): void;
  slide(window: number, x: number): void;
  oldest(window: number): number;
  arrivals(window: number): number;
  head(window: number): number;
  refill(window: number, length: number): void;
  useLogs(address: number, largest: number): void;
  vote(windows: number, row: number, features: number, least: number, extension: boolean): number;
  learn(windows: number, row: number, features: number): void;
}

let module: Module | null = null;

/** Compiled when it is first needed; threads of a process share the machine code. */
function kernelModule(): Module {
  module ??= new WebAssembly.Module(Uint8Array.from(atob(KERNEL), (c) => c.charCodeAt(0)));
  return module;
}

/**
 * Memory in which a kernel keeps windows and rows. What is reserved stays until the whole of it is
 * garbage. Memory that was never written to is none of the machine's, where the system takes care of that.
 */
export class WindowMemory {
  readonly kernel: Kernel;
  #numbers: Float64Array<ArrayBuffer>;
  #top: number;
  #values = 0;
  /** Address of the table of logarithms, and up to which number there is room in it. */
  #logs = 0;
  #logsRoom = 0;
  readonly #spareRows = new Map<number, number>();

  constructor() {
    const host = { log1p: Math.log1p, extendLogs: (largest: number) => this.#extendLogs(largest) };
    const { exports } = new WebAssembly.Instance(kernelModule(), { host });
    this.kernel = exports as Kernel;
    this.#numbers = new Float64Array(this.kernel.memory.buffer);
    this.#top = this.kernel.memoryStart();
  }

  /** All of it as numbers: the one at address `8 * i` is `numbers[i]`. Until more is reserved. */
  get numbers(): Float64Array<ArrayBuffer> {
    return this.#numbers;
  }

  /** Values that it is laid out for, and what windows take beside them, counted in values. */
  get values(): number {
    return this.#values;
  }

  /** Address of a new window. */
  createWindow(capacity: number): number {
    if (capacity >= this.#logsRoom) {
      this.#logs = this.reserve(16 * (capacity + 2));
      this.#logsRoom = capacity + 1;
      this.kernel.useLogs(this.#logs, 0);
    }
    const address = this.reserve(this.kernel.windowBytes(capacity) >>> 0);
    this.kernel.createWindow(address, capacity);
    this.#values += capacity + WINDOW_VALUES;
    return address;
  }

  /** Address of a row of so many features: values, surprises and sides. */
  createRow(features: number): number {
    return this.reserve(3 * 8 * features);
  }

  /** Address of a row that all who look only once have in common. */
  spareRow(features: number): number {
    const row = this.#spareRows.get(features) ?? this.createRow(features);
    this.#spareRows.set(features, row);
    return row;
  }

  /** Address of a list of addresses. */
  createList(addresses: readonly number[]): number {
    const list = this.reserve(4 * addresses.length);
    new Uint32Array(this.kernel.memory.buffer, list, addresses.length).set(addresses);
    return list;
  }

  /**
   * Address of so many bytes, all 0, where a line of the cache begins.
   *
   * @throws {IotmonError} `ERR_UNAVAILABLE` when the system refuses; all is then as it was.
   */
  reserve(bytes: number): number {
    const address = Math.ceil(this.#top / LINE_BYTES) * LINE_BYTES;
    this.#growTo(Math.ceil((address + bytes) / PAGE_BYTES));
    this.#top = address + bytes;
    return address;
  }

  #growTo(pages: number): void {
    const { memory } = this.kernel;
    const present = memory.buffer.byteLength / PAGE_BYTES;
    if (pages <= present) return;
    const more = Math.max(LEAST_PAGES, Math.ceil(present * GROWTH));
    try {
      memory.grow(Math.max(pages - present, Math.min(more, MOST_PAGES - present)));
    } catch (cause) {
      throw noMemory(cause);
    }
    this.#numbers = new Float64Array(memory.buffer);
  }

  #extendLogs(largest: number): void {
    const known = Math.min(this.#logsRoom, Math.max(2 * largest, LEAST_LOGS));
    this.numbers.set(logTable(known), this.#logs / 8);
    this.kernel.useLogs(this.#logs, known);
  }
}

/** Memories for those that come and go together: a further one when the newest is full. */
export class WindowMemories {
  readonly #most: number;
  #newest: WindowMemory | null = null;

  /** @param most Values that a memory is shared for: all of it stays as long as one of them is in use. */
  constructor(most = MOST_VALUES) {
    this.#most = most;
  }

  /**
   * A memory with room for so many windows of so many values together.
   *
   * @throws {RangeError} If that is more than {@link MOST_VALUES}.
   * @throws {IotmonError} `ERR_UNAVAILABLE` when the system has no addresses left.
   */
  withRoom(windows: number, values: number): WindowMemory {
    if (values > MOST_VALUES) {
      throw new RangeError(`A detector can't hold ${values} values, ${MOST_VALUES} is the most`);
    }
    const needed = values + windows * WINDOW_VALUES;
    if (this.#newest === null || this.#newest.values + needed > this.#most) {
      this.#newest = newMemory(needed);
    }
    return this.#newest;
  }
}

let latest: WeakRef<WindowMemory> | null = null;

/**
 * A new memory. Each takes 10 GB of addresses, little of which is used: where there are no more of those, as
 * on systems that have few, the latest one is shared.
 */
function newMemory(needed: number): WindowMemory {
  try {
    const memory = new WindowMemory();
    latest = new WeakRef(memory);
    return memory;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const shared = latest?.deref();
    if (shared !== undefined && shared.values + needed <= MOST_VALUES) return shared;
    throw noMemory(cause);
  }
}

function noMemory(cause: unknown): IotmonError {
  return new IotmonError(
    "ERR_UNAVAILABLE",
    "the system gives no memory to WebAssembly, which wants 10 GB of addresses and uses little of them",
    {
      cause,
      hint: "Lift the limit on address space: ulimit -v unlimited, no LimitAS= in a unit",
    },
  );
}
