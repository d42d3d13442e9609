import { type Logger, pino } from "pino";
import { visibleText } from "../../core/visible-text.ts";

/** A stream that receives log lines. */
export interface LogStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** What to log: only errors, messages for operators too, or every request too. */
export type LogLevel = "error" | "info" | "debug";

/**
 * Creates the log: lines for people on a terminal, otherwise JSON Lines.
 *
 * @param color Applies only to lines for people.
 */
export async function createLog(
  stream: LogStream,
  level: LogLevel,
  color: boolean,
): Promise<Logger> {
  // in JSON, the escapes stand for the same characters
  const visible = { write: (text: string) => void stream.write(visibleText(text)) };
  const options = { level, base: null, redact: ["headers.authorization"] };
  if (stream.isTTY !== true) {
    const timestamp = pino.stdTimeFunctions.isoTime;
    const formatters = { level: (label: string) => ({ level: label }) };
    return pino({ ...options, timestamp, formatters }, visible);
  }
  const { default: pretty } = await import("pino-pretty");
  const lines = pretty({
    colorize: color,
    ignore: "pid,hostname",
    translateTime: "SYS:HH:MM:ss",
    singleLine: true,
    destination: visible,
  });
  return pino(options, lines);
}
