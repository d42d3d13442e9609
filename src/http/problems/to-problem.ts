import type { FastifyError } from "fastify";
import { IotmonError } from "../../core/errors.ts";
import type { CommandErrorKind } from "../../service/api.ts";
import { CommandError } from "../../service/command-error.ts";
import type { ProblemName } from "./catalog.ts";
import { pointerOf } from "./invalid-problem.ts";
import { Problem, withPeriod } from "./problem.ts";

const PROBLEM_BY_KIND: Readonly<Record<CommandErrorKind, ProblemName>> = {
  not_found: "not-found",
  conflict: "conflict",
  invalid: "invalid",
  limit: "limit",
  unavailable: "unavailable",
  unsafe: "done-not-safe",
};

/** Value of `retry-after` for a temporary problem, s. */
const RETRY_SECONDS = "5";

/**
 * Converts an error of a request handler to a problem. An unexpected error becomes `internal`, without its
 * message.
 */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof CommandError) return fromCommandError(error);
  if (error instanceof IotmonError && error.code === "ERR_UNAVAILABLE") {
    return new Problem("unavailable", sentences(error.message, error.hint));
  }
  const { code, statusCode } = error as Partial<FastifyError>;
  switch (code) {
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return new Problem("bad-json", "The body is empty. Send a JSON object, see /docs.");
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new Problem(
        "body-too-large",
        "Send fewer rows per call; see the limits in docs/http-api.md.",
      );
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new Problem(
        "unsupported-media-type",
        "Send JSON, with the header content-type: application/json.",
      );
    case "FST_ERR_BAD_URL":
      return new Problem(
        "bad-request",
        "The path cannot be decoded. Write % as %25, and other bytes as UTF-8 with % escapes.",
      );
    default:
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new Problem("bad-request", `${(error as Error).message}.`);
  }
  return new Problem(
    "internal",
    "This is a bug in iotmon. Please report it with the log lines of this request id.",
  );
}

function fromCommandError({ kind, message, field, hint }: CommandError): Problem {
  const detail = sentences(message, hint);
  return new Problem(PROBLEM_BY_KIND[kind], detail, {
    ...(kind === "unavailable" ? { headers: { "retry-after": RETRY_SECONDS } } : {}),
    ...(field === undefined
      ? {}
      : { errors: [{ field, in: "body", pointer: pointerOf(field.split(".")), message, hint }] }),
  });
}

function sentences(message: string, hint: string | undefined): string {
  const first = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  return hint === undefined ? first : `${first} ${withPeriod(hint)}`;
}
