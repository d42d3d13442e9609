/**
 * What the host gives.
 *
 * @module
 */

/** Makes sure that the table of logarithms reaches `largest`. */
export declare function extendLogs(largest: i32): void;
/** The host's `Math.log1p`, so that both sides agree to the last bit. */
export declare function log1p(x: f64): f64;
