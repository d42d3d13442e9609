// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the user writes this syntax
import { z } from "zod";
import { text } from "../../setting-values.ts";
import { address, openPoster, postFields } from "../posting/post-settings.ts";
import { type SinkContext, sinkType } from "../sink-type.ts";
import { secretKey } from "./signature.ts";

const MAX_SECRETS = 5;
const MS_PER_SECOND = 1000;

const secret = text.refine((value) => secretKey(value) !== null, {
  error: "must be base64 after whsec_",
});

/** Posts messages unchanged, with the headers of Standard Webhooks. */
export const webhook = sinkType({
  type: "webhook",
  title: "the webhook",
  gets: "the message as JSON, signed",
  use: "your own programs",
  fields: {
    url: address.describe("Http or https address to which messages are posted."),
    secret: z
      .union([secret, z.array(secret).min(1).max(MAX_SECRETS)])
      .optional()
      .describe(
        'Key that signs each message, "${ALERT_SECRET}": base64 after `whsec_`, or any text. A list gives one signature per secret, while a secret changes.',
      ),
    secret_file: text.optional().describe("File with the secret, one per line."),
    ...postFields,
  },
  secrets: { url: "address", secret: "text", headers: "headers" },
  target: "network",
  faults: (settings) =>
    settings.secret === undefined || settings.secret_file === undefined
      ? []
      : [
          {
            setting: "secret_file",
            message: "can't be used with secret",
            hint: "Keep one of the two",
          },
        ],
  async create(settings, context) {
    const keys = await signingKeys(settings.secret, settings.secret_file, context);
    const poster = await openPoster(settings, context);
    const { sign } = await import("./signature.ts");
    return {
      name: settings.name,
      deliver({ body, json }, signal) {
        const timestamp = Math.floor(context.now() / MS_PER_SECOND);
        const signature = sign(keys, body.id, timestamp, json);
        const headers = {
          "webhook-id": body.id,
          "webhook-timestamp": `${timestamp}`,
          ...(signature === "" ? {} : { "webhook-signature": signature }),
        };
        return poster.post(json, headers, signal);
      },
      close: () => poster.close(),
    };
  },
});

/** Signing keys, newest first; empty: messages are not signed. */
async function signingKeys(
  secrets: string | readonly string[] | undefined,
  file: string | undefined,
  context: SinkContext,
): Promise<readonly Buffer[]> {
  if (file === undefined) return [secrets ?? []].flat().flatMap((one) => secretKey(one) ?? []);
  const lines = (await context.readFile("secret_file", file)).split(/\r?\n/);
  const texts = lines.map((line) => line.trim()).filter((line) => line !== "");
  const keys = texts.flatMap((one) => secretKey(one) ?? []);
  if (keys.length > 0 && keys.length === texts.length) return keys;
  const message = texts.length === 0 ? "is empty" : "must hold base64 after whsec_";
  throw context.fault("secret_file", `${file} ${message}`);
}
