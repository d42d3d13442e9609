/** Longest time that a timer of Node can wait, ms: about 25 days. With more it fires at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;
