import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { codeBlocks } from "../support/markdown.ts";

type IsSigned = (secret: string, headers: Record<string, string>, body: Buffer) => boolean;

async function shown(): Promise<IsSigned> {
  const [snippet] = codeBlocks(["docs/delivery.md"]).filter(({ language }) => language === "js");
  const program = `${snippet?.text}\nexport { isSigned };`;
  const module = await import(`data:text/javascript,${encodeURIComponent(program)}`);
  return (module as { isSigned: IsSigned }).isSigned;
}

describe("the receiver of docs/delivery.md", () => {
  const body = '{"a":1}';
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  it.each([
    ["whsec_", secret, new Webhook(secret)],
    ["plain", "a text", new Webhook(Buffer.from("a text"), { format: "raw" })],
  ])(
    "accepts signatures of an independent implementation with a secret: %s",
    async (_, key, signer) => {
      const isSigned = await shown();
      const signed = (at: Date): Record<string, string> => ({
        "webhook-id": "m1",
        "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
        "webhook-signature": `v1,AAAA ${signer.sign("m1", at, body)}`,
      });
      const now = signed(new Date());
      expect(isSigned(key, now, Buffer.from(body))).toBe(true);
      expect(isSigned(key, now, Buffer.from(`${body} `))).toBe(false);
      expect(isSigned("other", now, Buffer.from(body))).toBe(false);
      expect(isSigned(key, signed(new Date(Date.now() - 600_000)), Buffer.from(body))).toBe(false);
    },
  );
});
