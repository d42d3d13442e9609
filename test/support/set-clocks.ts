import type { Clocks } from "../../src/watch/time/arrival-clock.ts";

/** Clocks that a test sets. */
export class SetClocks implements Clocks {
  wallMs: number;
  steadyMs = 0;

  constructor(wallMs: number) {
    this.wallMs = wallMs;
  }

  pass(ms: number): void {
    this.wallMs += ms;
    this.steadyMs += ms;
  }

  wall(): number {
    return this.wallMs;
  }

  steady(): number {
    return this.steadyMs;
  }
}
