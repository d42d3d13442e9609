import { IotmonError } from "../errors.ts";
import { PAGE_BYTES, WasmCode, type WasmMemory } from "../wasm-code.ts";
import { KERNEL } from "./kernel-code.ts";
import { logTable } from "./log-table.ts";

/**
 * Maximum number of values in one memory. A detector's values are all in one memory. A value takes 25 bytes, and 16
 * more in the largest window, so the total stays below the limit of 4 GB.
 */
export const MAX_VALUES = 100_000_000;
/** Overhead of a window, in values. */
const WINDOW_VALUES = 100;
/** A summary takes as much memory as so many values of windows. */
export const SUMMARY_VALUES = 34;
const MAX_PAGES = 65_536;
/**
 * Growth of a memory: a multiple, and at least some pages. Addresses that are never touched cost nothing, but V8 takes
 * the whole buffer for memory in use and collects garbage at each growth, which takes longer than all else in a new key.
 */
const MIN_PAGES = 16;
const GROWTH = 8;
const LINE_BYTES = 64;
/** Minimum number of logarithms computed at once. */
const MIN_LOGS = 1024;

/** Exports of the kernel, see `kernel/`. Addresses are in bytes; the kernel returns addresses from 2 GB on as negative numbers. */
export interface Kernel {
  readonly memory: WasmMemory;
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
  touch(address: number, bytes: number): number;
  vote(
    references: number,
    stride: number,
    row: number,
    features: number,
    least: number,
    extension: boolean,
  ): number;
  learn(references: number, stride: number, row: number, features: number): void;
  summaryBytes(): number;
  createSummary(address: number, oneSided: boolean, window: number): void;
  summaryLength(summary: number): number;
  summaryAtLeast(summary: number, x: number): number;
  summaryAt(summary: number, i: number): number;
  summaryTopExcess(summary: number, k: number): number;
  summaryAdd(summary: number, x: number, span: number): void;
  summaryTrim(summary: number, limit: number, slack: number): void;
  voteSummaries: Kernel["vote"];
  learnSummaries: Kernel["learn"];
}

const kernelCode = new WasmCode(KERNEL);

/**
 * Memory in which a kernel keeps windows and rows. It never frees parts; the whole memory is garbage
 * collected. Most systems provide pages only when they are written.
 */
export class WindowMemory {
  readonly kernel: Kernel;
  #numbers: Float64Array<ArrayBuffer>;
  #top: number;
  #values = 0;
  /** Address of the table of logarithms, and the largest number that fits into it. */
  #logs = 0;
  #logsRoom = 0;
  readonly #spare = new Map<string, unknown>();

  constructor() {
    const host = { log1p: Math.log1p, extendLogs: (largest: number) => this.#extendLogs(largest) };
    this.kernel = kernelCode.start({ host }) as Kernel;
    this.#numbers = new Float64Array(this.kernel.memory.buffer);
    this.#top = this.kernel.memoryStart();
  }

  /** The memory as numbers: address `8 * i` is `numbers[i]`. Replaced when the memory grows. */
  get numbers(): Float64Array<ArrayBuffer> {
    return this.#numbers;
  }

  /** Capacity of all windows plus their overhead, in values. */
  get values(): number {
    return this.#values;
  }

  /** Creates a window and returns its address. */
  createWindow(capacity: number): number {
    this.#makeRoomForLogs(capacity);
    const address = this.reserve(this.kernel.windowBytes(capacity) >>> 0);
    this.kernel.createWindow(address, capacity);
    this.#values += capacity + WINDOW_VALUES;
    return address;
  }

  /**
   * Creates a summary and returns its address.
   *
   * @param most Maximum number of values that it stands for.
   */
  createSummary(most: number): number {
    this.#makeRoomForLogs(most);
    this.#values += SUMMARY_VALUES;
    return this.reserve(this.kernel.summaryBytes());
  }

  /**
   * Reserves zeroed bytes for several windows or summaries, and returns their address.
   *
   * @param windows Number of windows.
   * @param values Total capacity of windows and summaries.
   * @param most Maximum number of values in one of them.
   */
  reserveValues(bytes: number, windows: number, values: number, most: number): number {
    this.#makeRoomForLogs(most);
    this.#values += values + windows * WINDOW_VALUES;
    return this.reserve(bytes);
  }

  /** Something in this memory that detectors share for scoring without learning, created at the first use. */
  spare<T>(name: string, create: () => T): T {
    const spare = (this.#spare.get(name) ?? create()) as T;
    this.#spare.set(name, spare);
    return spare;
  }

  /**
   * Reserves zeroed bytes at the start of a cache line and returns their address.
   *
   * @throws {IotmonError} `ERR_UNAVAILABLE` if the system gives no memory; nothing changes then.
   */
  reserve(bytes: number): number {
    const address = Math.ceil(this.#top / LINE_BYTES) * LINE_BYTES;
    this.#growTo(Math.ceil((address + bytes) / PAGE_BYTES));
    this.#top = address + bytes;
    return address;
  }

  /** Makes room for the logarithms of all numbers up to `largest` + 1. */
  #makeRoomForLogs(largest: number): void {
    if (largest < this.#logsRoom) return;
    this.#logs = this.reserve(16 * (largest + 2));
    this.#logsRoom = largest + 1;
    this.kernel.useLogs(this.#logs, 0);
  }

  #growTo(pages: number): void {
    const { memory } = this.kernel;
    const present = memory.buffer.byteLength / PAGE_BYTES;
    if (pages <= present) return;
    const wanted = Math.min(MAX_PAGES, Math.max(present + MIN_PAGES, present * GROWTH));
    try {
      // a system that counts addresses as memory may give less
      if (wanted <= pages || !tryGrow(memory, wanted - present)) memory.grow(pages - present);
    } catch (cause) {
      throw noMemory(cause);
    }
    this.#numbers = new Float64Array(memory.buffer);
  }

  #extendLogs(largest: number): void {
    const known = Math.min(this.#logsRoom, Math.max(2 * largest, MIN_LOGS));
    this.numbers.set(logTable(known), this.#logs / 8);
    this.kernel.useLogs(this.#logs, known);
  }
}

function tryGrow(memory: WasmMemory, pages: number): boolean {
  try {
    memory.grow(pages);
    return true;
  } catch {
    return false;
  }
}

/** Memories for detectors with a common lifetime. Adds a memory when the newest is full. */
export class WindowMemories {
  readonly #most: number;
  #newest: WindowMemory | null = null;

  /** @param most Maximum number of values in a shared memory; it stays while any of them is in use. */
  constructor(most = MAX_VALUES) {
    this.#most = most;
  }

  /**
   * A memory with room for `windows` windows with `values` values in total.
   *
   * @throws {RangeError} If `values` is more than {@link MAX_VALUES}.
   * @throws {IotmonError} `ERR_UNAVAILABLE` if the system has no address space left.
   */
  withRoom(windows: number, values: number): WindowMemory {
    if (values > MAX_VALUES) {
      throw new RangeError(`A detector can't hold ${values} values, the limit is ${MAX_VALUES}`);
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
 * Creates a memory. Each reserves 10 GB of address space. If the system has no more address space, returns the
 * latest memory instead.
 */
function newMemory(needed: number): WindowMemory {
  try {
    const memory = new WindowMemory();
    latest = new WeakRef(memory);
    return memory;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const shared = latest?.deref();
    if (shared !== undefined && shared.values + needed <= MAX_VALUES) return shared;
    throw noMemory(cause);
  }
}

function noMemory(cause: unknown): IotmonError {
  return new IotmonError(
    "ERR_UNAVAILABLE",
    "the system gives no memory to WebAssembly, which reserves 10 GB of address space and uses little of it",
    {
      cause,
      hint: "Lift the limit on address space: ulimit -v unlimited, no LimitAS= in a unit",
    },
  );
}
