import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { IotmonError } from "../../../core/errors.ts";
import { formatDuration } from "../../../core/units/duration.ts";
import { spanText } from "../../../io/messages/span-text.ts";
import {
  type SignedHeaders,
  secretKey,
  type Verdict,
  verify,
} from "../../../io/sinks/webhook/signature.ts";
import type { CliContext } from "../../context.ts";
import { EXIT } from "../../exit-code.ts";
import { createChalk } from "../../render/color.ts";
import type { WebhookVerifyOptions } from "./options.ts";

/**
 * `iotmon webhook verify`: checks the signature of a message.
 *
 * @returns The exit code: 1 when the signature is wrong.
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
  const [problem, ...hints] = problems;
  context.stdout.write(`${color.red("invalid:")} ${problem}\n`);
  for (const line of hints) context.stdout.write(`  ${line}\n`);
  return EXIT.checkFailed;
}

/** The problem, then hints; empty: the signature is right. */
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
        : "the secret starts with whsec_, but the rest is not base64",
      "A secret is whsec_ and base64, or any other text",
    ];
  }
  const verifyBody = (bytes: Buffer): Verdict => verify(key, headers, bytes, Date.now(), tolerance);
  const verdict = verifyBody(body);
  if (verdict.holds) return [];
  const { reason, ageMs } = verdict;
  switch (reason) {
    case "timestamp":
      return ["the timestamp is not a number of seconds since 1970"];
    case "scheme":
      return [
        "the header has no signature of version 1",
        "It contains v1,<base64>, or several of these separated by spaces",
      ];
    case "too-old":
      return [
        `the signature is right, but the message is too old: ${spanText(ageMs)}`,
        `A receiver rejects messages older than ${formatDuration(tolerance)}, because an attacker could repeat them`,
      ];
    case "too-new":
      return [
        `the signature is right, but the message is ${spanText(-ageMs)} ahead of this clock`,
        "One of the two clocks is wrong",
      ];
    case "signature":
      return [
        "the signature does not match this id, timestamp and body",
        mismatchHint(body, verifyBody),
      ];
  }
}

/** Finds a changed body that matches the signature. */
function mismatchHint(body: Buffer, verifyBody: (body: Buffer) => Verdict): string {
  const isSigned = (bytes: Buffer): boolean => {
    const verdict = verifyBody(bytes);
    return verdict.holds || verdict.reason === "too-old" || verdict.reason === "too-new";
  };
  const text = body.toString();
  if (isSigned(Buffer.from(text.replace(/\r?\n$/, "")))) {
    return "It matches the body without its last line end: remove that";
  }
  try {
    if (isSigned(Buffer.from(JSON.stringify(JSON.parse(text))))) {
      return "It matches the same JSON without spaces: use the body as received, not parsed";
    }
  } catch {
    // the body is not JSON
  }
  return "The secret is wrong, or the body differs from the received bytes";
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

async function read(file: string, name: string, { cwd }: CliContext): Promise<Buffer> {
  try {
    return await readFile(resolve(cwd, file));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const message =
      code === "ENOENT" ? `${name} does not exist` : `${name} can't be read (${code})`;
    throw new IotmonError("ERR_NO_INPUT", message, { at: file, cause });
  }
}
