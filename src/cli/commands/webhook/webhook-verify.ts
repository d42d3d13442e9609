import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { formatDuration } from "../../../core/duration.ts";
import { IotmonError } from "../../../core/errors.ts";
import { spanText } from "../../../io/messages/span-text.ts";
import { type SignedHeaders, type Verdict, verify } from "../../../io/sinks/webhook/signature.ts";
import { secretKey } from "../../../io/sinks/webhook/signing-secret.ts";
import type { CliContext } from "../../context.ts";
import { EXIT } from "../../exit-code.ts";
import { createChalk } from "../../render/color.ts";
import type { WebhookVerifyOptions } from "./options.ts";

/**
 * `iotmon webhook verify`: whether a message is signed with a secret.
 *
 * @returns The exit code: 1 when it is not.
 */
export async function runWebhookVerify(
  file: string,
  options: WebhookVerifyOptions,
  context: CliContext,
): Promise<number> {
  const { tolerance } = options;
  const body = file === "-" ? await buffer(context.stdin) : await read(file, "the body", context);
  const problems = problemsOf(await readSecret(options, context), options, body, tolerance);
  const color = createChalk(context.stdout, context.env, options.color);
  if (problems.length === 0) {
    const age = Date.now() - Number(options.timestamp) * 1000;
    const when = age < 0 ? `${spanText(-age)} ahead` : `${spanText(age)} ago`;
    context.stdout.write(`${color.green("ok:")} signed with this secret, ${when}\n`);
    return EXIT.ok;
  }
  const [what, ...help] = problems;
  context.stdout.write(`${color.red("does not hold:")} ${what}\n`);
  for (const line of help) context.stdout.write(`  ${line}\n`);
  return EXIT.checkFailed;
}

/** What is wrong, then what may help; empty: nothing. */
function problemsOf(
  secret: string,
  headers: SignedHeaders,
  body: Buffer,
  tolerance: number,
): string[] {
  const key = secretKey(secret);
  if (key === null) {
    return [
      secret === ""
        ? "the secret is empty"
        : "the secret has whsec_ in front, but no base64 behind",
      "A secret is whsec_ with base64 behind it, or any other text, which is taken as it is",
    ];
  }
  const at = (bytes: Buffer): Verdict => verify(key, headers, bytes, Date.now(), tolerance);
  const verdict = at(body);
  if (verdict.holds) return [];
  const { reason, ageMs } = verdict;
  switch (reason) {
    case "timestamp":
      return ["the timestamp is no number of seconds since 1970"];
    case "scheme":
      return [
        "there is no signature of version 1 in the header",
        "It reads v1,<base64>, or several of these with spaces between",
      ];
    case "too-old":
      return [
        `the signature is right, but the message is too old: ${spanText(ageMs)}`,
        `A receiver refuses what is older than ${formatDuration(tolerance)}, or it could be sent again by others`,
      ];
    case "too-new":
      return [
        `the signature is right, but the message is ${spanText(-ageMs)} ahead of this clock`,
        "One of the two clocks is wrong",
      ];
    case "signature":
      return ["the signature is not the one of this id, timestamp and body", ...guesses(body, at)];
  }
}

function guesses(body: Buffer, at: (body: Buffer) => Verdict): string[] {
  const isSigned = (bytes: Buffer): boolean => {
    const verdict = at(bytes);
    return verdict.holds || verdict.reason === "too-old" || verdict.reason === "too-new";
  };
  const text = body.toString();
  if (isSigned(Buffer.from(text.replace(/\r?\n$/, "")))) {
    return ["It is that of the body without the line end at its end: leave that out"];
  }
  try {
    if (isSigned(Buffer.from(JSON.stringify(JSON.parse(text))))) {
      return ["It is that of the same JSON without blanks: take the body as received, not parsed"];
    }
  } catch {
    // no JSON: there is nothing to guess
  }
  return ["The secret is another one, or the body is not as it was received, byte for byte"];
}

async function readSecret(
  { secretEnv, secretFile }: WebhookVerifyOptions,
  context: CliContext,
): Promise<string> {
  if (secretFile !== undefined) {
    return (await read(secretFile, "the secret file", context)).toString().trim();
  }
  const secret = context.env[secretEnv];
  if (secret !== undefined) return secret;
  throw new IotmonError("ERR_USAGE", `the variable ${secretEnv} is not set`, {
    hint: "Put the secret there, or name another variable (--secret-env) or a file (--secret-file)",
  });
}

async function read(file: string, what: string, { cwd }: CliContext): Promise<Buffer> {
  try {
    return await readFile(resolve(cwd, file));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const message =
      code === "ENOENT" ? `${what} does not exist` : `${what} can't be read (${code})`;
    throw new IotmonError("ERR_NO_INPUT", message, { at: file, cause });
  }
}
