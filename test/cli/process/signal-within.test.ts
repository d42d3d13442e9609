import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { signalWithin } from "../../../src/cli/process/signal-within.ts";

const FAR_MS = 100_000;

/** Collects memory as a busy program does by itself. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

/** Resolves with why the signal was aborted, as somebody who waits for it learns of it. */
function reasonOf(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(signal.reason), { once: true });
  });
}

describe("signalWithin", () => {
  it("aborts in time, also after garbage collection", async () => {
    const other = new AbortController();
    const late = reasonOf(signalWithin(other.signal, 200));
    await sleep(1);
    collectGarbage();
    expect(await late).toMatchObject({ name: "TimeoutError" });
  });

  it("aborts with the other signal, for its reason", async () => {
    const other = new AbortController();
    const stopped = reasonOf(signalWithin(other.signal, FAR_MS));
    collectGarbage();
    other.abort("stop");
    expect(await stopped).toBe("stop");
  });

  it("is aborted if the other one already is", () => {
    expect(signalWithin(AbortSignal.abort("before"), FAR_MS).reason).toBe("before");
  });

  it("ignores limits too long for a timer", async () => {
    const signal = signalWithin(new AbortController().signal, Number.MAX_SAFE_INTEGER);
    await sleep(20);
    expect(signal.aborted).toBe(false);
  });
});
