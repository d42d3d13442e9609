import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { IotmonError } from "../core/errors.ts";
import { EXIT } from "./exit-code.ts";
import { main } from "./main.ts";
import { readableStdin } from "./process/readable-stdin.ts";
import { reportError } from "./report-error.ts";

export { main };

/** Time to finish after the reader of stdout has closed the pipe. */
const CLOSED_PIPE_GRACE_MS = 2000;

/** Time that readers get for the last lines after the user has stopped the command. */
const LAST_WRITE_MS = 5000;

/** Wires the process (streams, signals, exit code) to {@link main}. Does not return. */
export async function runProcess(): Promise<never> {
  const { stdout, stderr, env } = process;
  const stdin = readableStdin();
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // many sinks listen to it, which Node would report as a leak
  let pipeClosed = false;
  let crashed: Promise<number> | null = null;
  const crash = (error: unknown): void => {
    controller.abort(); // the live view clears itself before the report
    crashed ??= reportError(error, { color: true }, process);
    crashed.then(process.exit, () => process.exit(EXIT.bug));
  };
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.forced);
    controller.abort(); // first, so that the live view clears itself before the line
    if (stderr.isTTY) stderr.write("\nstopping; press Ctrl-C again to stop at once\n");
    stdin.push(null); // otherwise the command would wait for input that may never come
  };
  const closePipe = (): void => {
    pipeClosed = true;
    controller.abort();
    setTimeout(() => process.exit(EXIT.ok), CLOSED_PIPE_GRACE_MS).unref();
  };
  const listen = (): void => void process.on("SIGINT", stop).on("SIGTERM", stop);
  // Node calls no listener while the thread is busy; without one, the signal ends the process
  const blocking = <T>(work: () => T): T => {
    if (controller.signal.aborted) return work(); // a second signal may be under way to its listener
    process.off("SIGINT", stop).off("SIGTERM", stop);
    try {
      return work();
    } finally {
      listen();
    }
  };
  listen();
  process.on("SIGUSR2", () => {}); // supervisors and log rotation send it; by default it ends the process
  process.on("uncaughtException", crash);
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") closePipe();
    else crash(new IotmonError("ERR_IO", `Writing to stdout failed: ${error.message}`));
  });
  stderr.on("error", closePipe); // no reader is left
  let awaited = [stdout, stderr];
  const abandonStdout = (): void => {
    awaited = [stderr];
  };
  const { signal } = controller;
  const cwd = process.cwd();
  const context = { stdin, stdout, stderr, env, cwd, signal, abandonStdout, blocking };
  const exitCode = await main(process.argv.slice(2), context);
  const written = Promise.all(awaited.map((stream) => flushed(stream)));
  // after a stop, a hanging reader must not block the exit
  await (signal.aborted ? Promise.race([written, sleep(LAST_WRITE_MS)]) : written);
  await crashed; // ends the process
  process.exit(pipeClosed ? EXIT.ok : exitCode);
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) resolve();
    else stream.write("", () => resolve());
  });
}
