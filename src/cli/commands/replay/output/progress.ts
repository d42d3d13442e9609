import type { Ora } from "ora";
import type { OutputStream } from "../../../context.ts";
import { formatCount } from "../../../render/format.ts";

const MIN_INTERVAL_MS = 100;

/** A progress line. Shows nothing where standard error is not a terminal. */
export interface Progress {
  /** @param share Part of the input read so far, 0..1; null when the size is unknown. */
  update(readings: number, share: number | null): void;
  /** Removes the line, so that other text can be written. The next update shows it again. */
  clear(): void;
}

/** Shows progress on `stream` if it is a terminal. Loads the spinner library only then. */
export async function startProgress(stream: OutputStream, shown: boolean): Promise<Progress> {
  // ora loops for ever on a terminal with 0 columns
  if (!shown || stream.isTTY !== true || stream.columns === 0) {
    return { update: () => {}, clear: () => {} };
  }
  const { default: ora } = await import("ora");
  const start = performance.now();
  let spinner: Ora | null = null;
  let last = start;
  return {
    update(readings, share) {
      const now = performance.now();
      if (now - last < MIN_INTERVAL_MS) return;
      last = now;
      const speed = formatCount(readings / ((now - start) / 1000));
      const part = share === null ? "" : `${Math.floor(100 * share)} %, `;
      spinner ??= ora({ stream: stream as NodeJS.WriteStream, discardStdin: false }).start();
      spinner.text = `${part}${formatCount(readings)} readings, ${speed} rows/s`;
      spinner.render(); // the run keeps the thread busy between the spinner's own ticks
    },
    clear() {
      spinner?.stop();
      spinner = null;
    },
  };
}
