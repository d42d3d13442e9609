import { NO_SCORE, NO_TIME, SCORE_ONE, type TimeCode } from "./report-data.ts";

const MAX_F32 = 3.4e38;

/** The time code of the finest unit, in whole ms, that covers `from` to `to`, ms. */
export function timeCode(from: number, to: number): TimeCode {
  const base = Number.isFinite(from) ? Math.floor(from) : 0;
  const span = Number.isFinite(to) ? Math.max(0, to - base) : 0;
  return { base, unit: Math.max(1, Math.ceil(span / (NO_TIME - 1))) };
}

/** Times as u32; NaN as {@link NO_TIME}. */
export function encodeTimes(times: ArrayLike<number>, { base, unit }: TimeCode): string {
  const codes = Uint32Array.from(times, (time) =>
    Number.isNaN(time) ? NO_TIME : Math.round((time - base) / unit),
  );
  return encodeArray(codes);
}

/** Values minus `base` as f32: values near it keep more digits. Clips differences beyond f32. */
export function encodeValues(values: ArrayLike<number>, base: number): string {
  const differences = Float32Array.from(values, (value) =>
    Number.isNaN(value) ? Number.NaN : Math.min(MAX_F32, Math.max(-MAX_F32, value - base)),
  );
  return encodeArray(differences);
}

/** Scores from 0 to 1 as u16; NaN as {@link NO_SCORE}. */
export function encodeScores(scores: ArrayLike<number>): string {
  const codes = Uint16Array.from(scores, (score) =>
    Number.isNaN(score) ? NO_SCORE : Math.round(SCORE_ONE * score),
  );
  return encodeArray(codes);
}

/** An array as base64; little-endian, like all supported machines. */
export function encodeArray(array: Uint8Array | Uint16Array | Uint32Array | Float32Array): string {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
}

/** A number in at most six digits; null for NaN and infinities. */
export function shortNumber(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
}
