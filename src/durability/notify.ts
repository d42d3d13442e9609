/** Tells whoever runs the server, in one sentence without its period. Must not throw. */
export type Notify = (level: "info" | "warn" | "error", message: string) => void;
