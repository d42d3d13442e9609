import { PROBLEMS, type ProblemName, problemType } from "./catalog.ts";

/** One fault of a request. */
export interface ProblemPart {
  /** Field of the fault: `features.0.window`; empty for the whole body. */
  readonly field: string;
  readonly in: "body" | "query" | "path" | "header";
  /** JSON pointer into the body, as a fragment: `#/features/0/window`. Only for the body. */
  readonly pointer?: string | undefined;
  readonly message: string;
  /** How to fix it. */
  readonly hint?: string | undefined;
}

/** Optional parts of a problem. */
export interface ProblemOptions {
  readonly errors?: readonly ProblemPart[] | undefined;
  /** Headers of the reply, e.g. `allow`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The body of a problem reply (RFC 9457). */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly request_id?: string | undefined;
  readonly errors?: ProblemPart[] | undefined;
}

/** An error that becomes an `application/problem+json` reply. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly problem: ProblemName;
  readonly errors: readonly ProblemPart[];
  readonly headers: Readonly<Record<string, string>>;

  /** @param detail Sentences: the fault of this request, and what to do. */
  constructor(problem: ProblemName, detail: string, options: ProblemOptions = {}) {
    super(detail);
    this.problem = problem;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
  }

  /** HTTP status of the reply. */
  get status(): number {
    return PROBLEMS[this.problem].status;
  }

  /** @param requestId Undefined if there is no complete request. */
  toBody(requestId?: string): ProblemBody {
    const { status, title } = PROBLEMS[this.problem];
    return {
      type: problemType(this.problem),
      title,
      status,
      detail: this.message,
      ...(requestId === undefined ? {} : { request_id: requestId }),
      ...(this.errors.length === 0 ? {} : { errors: [...this.errors] }),
    };
  }
}

/** Adds a period to a text without a final punctuation mark. */
export function withPeriod(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}
