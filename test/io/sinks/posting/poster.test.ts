import type { LookupFunction } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type PostContext, Poster } from "../../../../src/io/sinks/posting/poster.ts";
import { type Behaviour, ChaosReceiver } from "../../../support/chaos-receiver.ts";
import { sinkContext } from "../../../support/sink-setups.ts";
import { TEST_CERTIFICATE } from "../../../support/test-certificate.ts";

const inTime = (): AbortSignal => AbortSignal.timeout(60_000);

async function post(url: string, changes: Partial<PostContext> = {}, ca: string | null = null) {
  const poster = new Poster({ url, headers: {}, ca }, sinkContext(changes));
  const outcome = await poster.post("{}", {}, inTime());
  await poster.close();
  return outcome;
}

/** Resolves every name to these addresses. */
const resolvingTo =
  (...addresses: string[]): LookupFunction =>
  (_, { all }, callback) => {
    const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    if (all === true) callback(null, found);
    else callback(null, found[0]?.address ?? "", found[0]?.family);
  };

describe("a delay that a receiver asks for", () => {
  const now = Date.parse("2024-05-01T12:00:00Z");
  const ask = async (headers: Record<string, string>): Promise<number | undefined> => {
    const behaviour: Behaviour = { status: 429, headers };
    const { origin } = await ChaosReceiver.start(behaviour);
    const outcome = await post(origin, { now: () => now });
    return outcome.kind === "retry" ? outcome.retryAfterMs : Number.NaN;
  };

  it.each([
    ["seconds", { "retry-after": "120", date: "" }, 120_000],
    ["a date", { "retry-after": "Wed, 01 May 2024 12:01:00 GMT", date: "" }, 60_000],
    [
      "a date by the receiver's own clock",
      { "retry-after": "Sun, 06 Nov 1994 08:50:37 GMT", date: "Sun, 06 Nov 1994 08:49:37 GMT" },
      60_000,
    ],
    ["a date that is past", { "retry-after": "Wed, 01 May 2024 11:00:00 GMT", date: "" }, 0],
    ["no time", { "retry-after": "0", date: "" }, 0],
    ["a week at most", { "retry-after": "9999999999", date: "" }, 604_800_000],
    ["something else", { "retry-after": "soon", date: "" }, undefined],
    ["a negative number", { "retry-after": "-1", date: "" }, undefined],
    ["nothing", { date: "" }, undefined],
  ])("may be given as %s", async (_, headers, ms) => {
    expect(await ask(headers)).toBe(ms);
  });
});

describe("an answer that never ends", () => {
  it("counts as soon as its status is there", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] }); // no deadline helps
    onTestFinished(() => void vi.useRealTimers());
    const { origin } = await ChaosReceiver.start("endless-body");
    const poster = new Poster({ url: origin, headers: {}, ca: null }, sinkContext());
    expect(await poster.post("{}", {}, inTime())).toMatchObject({ kind: "delivered" });
    await poster.close();
  });
});

describe("certificates", () => {
  it("of an unknown authority are rejected, with a reason that says what to do", async () => {
    const { origin, port } = await ChaosReceiver.start({ status: 200 }, { tls: true });
    expect(await post(origin)).toEqual({
      kind: "retry",
      reason:
        `the certificate of 127.0.0.1:${port} is self-signed; ` +
        "if it is meant to be, name the certificate that signed it in ca_file",
    });
  });

  it("are accepted if ca_file contains their authority", async () => {
    const { origin } = await ChaosReceiver.start({ status: 200 }, { tls: true });
    expect(await post(origin, {}, TEST_CERTIFICATE)).toMatchObject({ kind: "delivered" });
  });

  it("must be made for the name in the address", async () => {
    const { port } = await ChaosReceiver.start({ status: 200 }, { tls: true });
    const lookup = resolvingTo("127.0.0.1");
    const url = `https://hook.example.org:${port}`;
    expect(await post(url, { lookup }, TEST_CERTIFICATE)).toEqual({
      kind: "retry",
      reason:
        `the certificate is not made for hook.example.org:${port}; ` +
        "is the name in the address right?",
    });
  });

  it("are reported missing if a receiver speaks plain HTTP", async () => {
    const { port } = await ChaosReceiver.start({ status: 200 });
    const outcome = await post(`https://127.0.0.1:${port}`);
    expect(outcome).toMatchObject({ kind: "retry", reason: /is it http rather than https\?$/ });
  });
});

describe("a pipeline that arrived over HTTP", () => {
  const refused = async (url: string, changes: Partial<PostContext> = {}) =>
    post(url, { allowPrivate: false, ...changes });

  it.each([
    "127.0.0.1",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "0.0.0.0",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::]",
    "localhost",
    "sub.localhost.",
  ])("does not post to %s", async (host) => {
    const { port, received } = await ChaosReceiver.start({ status: 200 });
    const outcome = await refused(`http://${host}:${port}/`);
    expect(outcome).toMatchObject({ kind: "rejected", reason: /address of an inner network/ });
    expect(received).toEqual([]);
  });

  it("does not post to a name with such an address, even among other addresses", async () => {
    const { port, received } = await ChaosReceiver.start({ status: 200 });
    for (const addresses of [["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::1"]]) {
      const lookup = resolvingTo(...addresses);
      const outcome = await refused(`http://hook.example.org:${port}/`, { lookup });
      expect(outcome).toMatchObject({
        kind: "retry",
        reason: /^hook\.example\.org resolves to .*address of an inner network/,
      });
    }
    expect(received).toEqual([]);
  });

  it("checks the address of each connection, not only of the first", async () => {
    const { port, received } = await ChaosReceiver.start({ status: 200 });
    const asked: string[] = [];
    const answers = ["203.0.113.9", "169.254.169.254", "127.0.0.1"];
    const lookup: LookupFunction = (name, options, callback) => {
      asked.push(name);
      resolvingTo(answers[asked.length - 1] ?? "")(name, options, callback);
    };
    const settings = { url: `http://hook.example.org:${port}`, headers: {}, ca: null };
    const poster = new Poster(settings, sinkContext({ allowPrivate: false, lookup }));
    for (const address of answers) {
      const outcome = await poster.post("{}", {}, inTime());
      expect(outcome).toMatchObject({ reason: expect.stringContaining(`resolves to ${address}`) });
    }
    expect(asked).toHaveLength(3);
    expect(received).toEqual([]);
    await poster.close();
  });

  it("may use the inner network when it came from a file", async () => {
    const { port } = await ChaosReceiver.start({ status: 200 });
    const lookup = resolvingTo("127.0.0.1");
    const url = `http://hook.example.org:${port}/`;
    expect(await post(url, { lookup })).toMatchObject({ kind: "delivered" });
  });
});

describe("names without an address", () => {
  it("have another reason than a network that is down", async () => {
    const failing =
      (code: string): LookupFunction =>
      (_, __, callback) =>
        callback(Object.assign(new Error(code), { code }), []);
    expect(await post("http://nowhere.example/", { lookup: failing("ENOTFOUND") })).toEqual({
      kind: "retry",
      reason: "the name of nowhere.example is unknown",
    });
    expect(await post("http://nowhere.example/", { lookup: failing("EAI_AGAIN") })).toEqual({
      kind: "retry",
      reason: "the name of nowhere.example could not be looked up; is there a network?",
    });
  });
});
