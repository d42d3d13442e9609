/** Unit in which the memory of a kernel grows. */
export const PAGE_BYTES = 65_536;

/** The memory of a kernel; growing replaces its buffer. TypeScript declares WebAssembly only in its browser library. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  /** Adds pages. @throws {RangeError} If there are not so many. */
  grow(pages: number): number;
}

type Module = object;

declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => Module;
  readonly Instance: new (module: Module, imports: object) => { readonly exports: unknown };
};

/** The code of a kernel. Compiled at its first use; threads of a process share the machine code. */
export class WasmCode {
  readonly #base64: string;
  #module: Module | null = null;

  constructor(base64: string) {
    this.#base64 = base64;
  }

  /**
   * Starts a kernel with a memory of its own.
   *
   * @param imports Functions for the kernel, by module and name.
   * @returns Its exports.
   */
  start(imports: object): unknown {
    this.#module ??= new WebAssembly.Module(
      Uint8Array.from(atob(this.#base64), (c) => c.charCodeAt(0)),
    );
    return new WebAssembly.Instance(this.#module, imports).exports;
  }
}
