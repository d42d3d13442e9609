import { type Logger, pino } from "pino";

/** A stream that logs go to. */
export interface LogStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** How much is logged: errors only, what an operator wants to know, or every request. */
export type LogLevel = "error" | "info" | "debug";

/**
 * The log: JSON Lines, or on a terminal lines for people.
 *
 * @param color For people only.
 */
export async function createLog(
  stream: LogStream,
  level: LogLevel,
  color: boolean,
): Promise<Logger> {
  const options = { level, base: null, redact: ["headers.authorization"] };
  if (stream.isTTY !== true) {
    const timestamp = pino.stdTimeFunctions.isoTime;
    const formatters = { level: (label: string) => ({ level: label }) };
    return pino({ ...options, timestamp, formatters }, stream);
  }
  const { default: pretty } = await import("pino-pretty");
  const lines = pretty({
    colorize: color,
    ignore: "pid,hostname",
    translateTime: "SYS:HH:MM:ss",
    singleLine: true,
    destination: { write: (text: string) => void stream.write(text) },
  });
  return pino(options, lines);
}
