import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { secretKey, sign, verify } from "../../../../src/io/sinks/webhook/signature.ts";

const TOLERANCE = 300_000;

describe("sign", () => {
  it("agrees with the package standardwebhooks for any key, id and body", () => {
    const key = fc.uint8Array({ minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(key, fc.string(), fc.string(), fc.nat(2e9), (bytes, id, body, seconds) => {
        const secret = `whsec_${Buffer.from(bytes).toString("base64")}`;
        const theirs = new Webhook(secret).sign(id, new Date(seconds * 1000), body);
        expect(sign([secretKey(secret) ?? Buffer.alloc(0)], id, seconds, body)).toBe(theirs);
      }),
    );
  });
});

describe("verify", () => {
  const key = Buffer.from("a key");
  const body = Buffer.from('{"a":1}');
  const seconds = 1_714_566_600;
  const now = seconds * 1000;
  const headers = {
    id: "m1",
    timestamp: `${seconds}`,
    signature: sign([key], "m1", seconds, body.toString()),
  };

  it("accepts a valid signature, also among others", () => {
    expect(verify(key, headers, body, now, TOLERANCE)).toEqual({ holds: true, ageMs: 0 });
    const signature = `v1a,xyz v1,AAAA ${headers.signature}`;
    expect(verify(key, { ...headers, signature }, body, now, TOLERANCE).holds).toBe(true);
  });

  it.each([
    ["another id", { id: "m2" }, "signature"],
    ["another time", { timestamp: `${seconds + 1}` }, "signature"],
    ["another signature", { signature: `v1,${"A".repeat(44)}` }, "signature"],
    ["a shorter signature", { signature: "v1,AAAA" }, "signature"],
    ["another scheme", { signature: "sha256=abc" }, "scheme"],
    ["an invalid time", { timestamp: "today" }, "timestamp"],
  ])("rejects %s", (_, change, reason) => {
    const verdict = verify(key, { ...headers, ...change }, body, now, TOLERANCE);
    expect(verdict).toMatchObject({ holds: false, reason });
  });

  it("rejects times that are too far in the past or the future", () => {
    const at = (ms: number) => verify(key, headers, body, now + ms, TOLERANCE);
    expect(at(TOLERANCE).holds).toBe(true);
    expect(at(TOLERANCE + 1000)).toMatchObject({ holds: false, reason: "too-old" });
    expect(at(-TOLERANCE).holds).toBe(true);
    expect(at(-TOLERANCE - 1000)).toMatchObject({ holds: false, reason: "too-new" });
  });
});
