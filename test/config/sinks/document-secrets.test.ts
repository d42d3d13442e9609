import { describe, expect, it } from "vitest";
import { pipelineOf } from "../../../src/config/parse.ts";
import {
  changeSecrets,
  sealedSecret,
  sealedText,
} from "../../../src/config/sinks/document-secrets.ts";
import { withoutSealed } from "../../../src/config/sinks/lost-secrets.ts";
import { POSTING_TYPES, SECRET_TEXTS, sinkSetups } from "../../support/sink-setups.ts";

const seal = (document: unknown): unknown =>
  changeSecrets(document, ({ value }) =>
    sealedSecret(Buffer.from(String(value)).toString("base64")),
  );

const open = (document: unknown): unknown =>
  changeSecrets(document, ({ value }) => {
    const sealed = sealedText(value);
    return sealed === null ? value : Buffer.from(sealed, "base64").toString();
  });

async function documentOf(type: (typeof POSTING_TYPES)[number]) {
  const settings = await sinkSetups[type]("https://example.org");
  return {
    version: 1,
    buffer: { schema: { timestamp: "datetime", x: "float" } },
    detectors: [{ name: "hot", algorithm: "threshold", when: "x > 1" }],
    sinks: [{ type: "console" }, { type, ...settings }],
  };
}

describe.each(POSTING_TYPES)("the secrets of %s", (type) => {
  it("are all found, and nothing else changes", async () => {
    const document = await documentOf(type);
    const sealed = seal(document);
    for (const secret of SECRET_TEXTS) expect(JSON.stringify(sealed)).not.toContain(secret);
    expect(sealed).toMatchObject({ ...document, sinks: [{ type: "console" }, { type }] });
    expect(open(sealed)).toEqual(document);
  });

  it("can be lost, and the rest of the document is still valid", async () => {
    const document = await documentOf(type);
    const { document: complete, lost } = withoutSealed(seal(document));
    expect([...lost.keys()]).toEqual([1]);
    expect(lost.get(1)).toEqual(
      expect.arrayContaining(["url", "headers.X-Token", ...(type === "webhook" ? ["secret"] : [])]),
    );
    const { config } = pipelineOf(complete, { label: "p", variables: {}, origin: "http" });
    expect(config.sinks).toHaveLength(2);
    expect(withoutSealed(document)).toEqual({ document, lost: new Map(), isHeartbeatLost: false });
  });
});

it("changeSecrets does not change documents other than pipelines", () => {
  const fail = (): never => {
    throw new Error("no secret is here");
  };
  for (const document of [
    null,
    "text",
    [],
    { sinks: {} },
    { sinks: [null, 1, { type: "none" }] },
  ]) {
    expect(changeSecrets(document, fail)).toEqual(document);
  }
});

it("the address of a heartbeat is sealed, and may be lost", () => {
  const document = { heartbeat: { url: "https://hc-ping.com/1", every: "1m" } };
  const sealed = seal(document);
  expect(JSON.stringify(sealed)).not.toContain("hc-ping");
  expect(open(sealed)).toEqual(document);
  expect(withoutSealed(sealed)).toMatchObject({
    document: { heartbeat: { url: "https://sealed.invalid/", every: "1m" } },
    isHeartbeatLost: true,
  });
});

it("a list of secrets is sealed one by one", () => {
  const document = { sinks: [{ type: "webhook", url: "u", secret: ["new", "old"] }] };
  expect(seal(document)).toMatchObject({
    sinks: [{ secret: [sealedSecret("bmV3"), sealedSecret("b2xk")] }],
  });
  expect(open(seal(document))).toEqual(document);
});
