import type { Series } from "../../../page/client/types.ts";
import { NO_SCORE, NO_TIME, SCORE_ONE, type TimeCode } from "../../data/report-data.ts";

/** Bytes of a base64 text. */
export function decodeBytes(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

export function decodeU16(text: string): Uint16Array {
  return new Uint16Array(decodeBytes(text).buffer);
}

export function decodeU32(text: string): Uint32Array {
  return new Uint32Array(decodeBytes(text).buffer);
}

export function decodeF32(text: string): Float32Array {
  return new Float32Array(decodeBytes(text).buffer);
}

/** Times in ms; NaN is missing. */
export function decodeTimes(text: string, { base, unit }: TimeCode): number[] {
  return Array.from(decodeU32(text), (code) =>
    code === NO_TIME ? Number.NaN : base + unit * code,
  );
}

/** Values of a chart. */
export function decodeValues(text: string, base: number): Series {
  return Array.from(decodeF32(text), (value) => (Number.isNaN(value) ? null : base + value));
}

/** Scores of a chart. */
export function decodeScores(text: string): Series {
  return Array.from(decodeU16(text), (code) => (code === NO_SCORE ? null : code / SCORE_ONE));
}
