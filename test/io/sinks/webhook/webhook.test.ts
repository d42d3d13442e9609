import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { webhook } from "../../../../src/io/sinks/webhook/webhook.ts";
import { ChaosReceiver, type Received } from "../../../support/chaos-receiver.ts";
import { messageOf } from "../../../support/messages.ts";
import { openSink, sinkContext } from "../../../support/sink-setups.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const inTime = (): AbortSignal => AbortSignal.timeout(60_000);

async function received(
  secrets: readonly string[],
  attempts = 1,
  now = Date.now,
): Promise<readonly Received[]> {
  const receiver = await ChaosReceiver.start((_, i) => ({ status: i + 1 < attempts ? 500 : 204 }));
  const secret = secrets.length === 0 ? {} : { secret: [...secrets] };
  const entry = { url: receiver.origin, ...secret };
  const sink = await openSink("webhook", entry, sinkContext({ now }));
  for (let i = 0; i < attempts; i++) await sink.deliver(messageOf(), inTime());
  await sink.close();
  return receiver.received;
}

const headersOf = ({ headers }: Received): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

describe("a webhook sink", () => {
  it("gives signatures that an independent implementation accepts", async () => {
    const [request] = await received([SECRET]);
    if (!request) throw new Error("nothing came");
    const verifier = new Webhook(SECRET);
    expect(verifier.verify(request.body, headersOf(request))).toEqual(messageOf().body);
    const changed = request.body.replace("pump-1", "pump-2");
    expect(() => verifier.verify(changed, headersOf(request))).toThrow(/signature/);
  });

  it("accepts a secret of any characters", async () => {
    const secret = "not base64 – at all";
    const [request] = await received([secret]);
    if (!request) throw new Error("nothing came");
    const verifier = new Webhook(Buffer.from(secret), { format: "raw" });
    expect(verifier.verify(request.body, headersOf(request))).toEqual(messageOf().body);
  });

  it("signs with both the old and the new secret during a change of secrets", async () => {
    const other = "whsec_b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldA==";
    const [request] = await received([SECRET, other]);
    if (!request) throw new Error("nothing came");
    for (const secret of [SECRET, other]) {
      expect(new Webhook(secret).verify(request.body, headersOf(request))).toBeTruthy();
    }
  });

  it("keeps id and body over attempts, and gives each attempt its own time", async () => {
    let now = Date.now() - 60_000;
    const requests = await received([SECRET], 3, () => {
      now += 5000;
      return now;
    });
    expect(requests.map(({ headers }) => headers["webhook-id"])).toEqual(["m1", "m1", "m1"]);
    expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
    expect(new Set(requests.map(({ headers }) => headers["webhook-timestamp"])).size).toBe(3);
    for (const request of requests) {
      expect(new Webhook(SECRET).verify(request.body, headersOf(request))).toBeTruthy();
    }
  });

  it("sends no signature without a secret", async () => {
    const [request] = await received([]);
    expect(request?.headers).not.toHaveProperty("webhook-signature");
    expect(request?.headers).toHaveProperty("webhook-id", "m1");
  });

  it("keeps its own headers when settings name the same", async () => {
    const receiver = await ChaosReceiver.start({ status: 200 });
    const headers = { "Webhook-Id": "x", "User-Agent": "x", "Content-Type": "x", "X-Own": "y" };
    const settings = { name: "w", url: receiver.origin, headers };
    const sink = await webhook.create(settings, sinkContext());
    await sink.deliver(messageOf(), inTime());
    await sink.close();
    expect(receiver.received[0]?.headers).toMatchObject({
      "webhook-id": "m1",
      "user-agent": "iotmon/9.9.9",
      "content-type": "application/json",
      "x-own": "y",
    });
  });
});
