/** Reports to the operator, in one sentence without a period. Must not throw. */
export type Notify = (level: "info" | "warn" | "error", message: string) => void;
