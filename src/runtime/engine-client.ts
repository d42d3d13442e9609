import type { Answer, Request } from "./messages.ts";

/** Answer of the kind that belongs to a request. */
export type AnswerOf<Kind extends Answer["kind"]> = Extract<Answer, { readonly kind: Kind }>;

/** Where one engine runs. Takes requests in order, also before earlier ones are answered. */
export interface EngineClient {
  /** @throws What the engine threw; it has then ended, and all later requests throw the same. */
  ask<Kind extends Answer["kind"]>(request: Request, kind: Kind): Promise<AnswerOf<Kind>>;
  /** Ends it at once. */
  terminate(): Promise<void>;
}

/** @throws When an answer is not of the kind that belongs to what was asked. */
export function expectKind<Kind extends Answer["kind"]>(
  request: Request,
  answer: Answer,
  kind: Kind,
): AnswerOf<Kind> {
  if (answer.kind === kind) return answer as AnswerOf<Kind>;
  throw new Error(`Asked an engine to ${request.kind}, got ${answer.kind}`);
}
