/**
 * Functions that the host provides.
 *
 * @module
 */

/** Extends the table of logarithms to at least `largest`. */
export declare function extendLogs(largest: i32): void;
/** The host's `Math.log1p`: host and kernel get the same bits. */
export declare function log1p(x: f64): f64;
