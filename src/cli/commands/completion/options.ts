export const SHELLS = ["bash", "zsh", "fish"] as const;

/** Shells that `completion` supports. */
export type CompletionShell = (typeof SHELLS)[number];
