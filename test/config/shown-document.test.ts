// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what the user has to write
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { shownDocument } from "../../src/config/sinks/shown-document.ts";

const shown = (document: unknown): unknown => parse(shownDocument(document));

describe("shownDocument", () => {
  it("keeps values that are not secret", () => {
    const document = {
      version: 1,
      name: "pump",
      detectors: [{ name: "d", algorithm: "ecod", features: ["a", "b"], contamination: 0.01 }],
      sinks: [{ type: "webhook", secret_file: "secrets/a", url: "${ALERT_URL}" }],
    };
    expect(shown(document)).toEqual(document);
  });

  it.each([
    ["an address", { url: "https://example.org/T000/B000" }, { url: "https://example.org/…" }],
    ["a secret", { secret: "whsec_abc" }, { secret: "…" }],
    ["one with a default", { secret: "${A:-abc}" }, { secret: "…" }],
    ["several", { secret: ["${A}", "abc"] }, { secret: ["${A}", "…"] }],
    ["a header", { headers: { authorization: "Bearer x" } }, { headers: { authorization: "…" } }],
    ["one that is a number", { secret: 12_345 }, { secret: "…" }],
  ])("masks %s of a sink", (_, sink, expected) => {
    expect(shown({ sinks: [sink] })).toEqual({ sinks: [expected] });
  });

  it("masks values with a secret's name, and users in addresses, anywhere", () => {
    expect(
      shown({ source: { url: "mqtt://me:word@broker/x", password: "word", username: "me" } }),
    ).toEqual({ source: { url: "mqtt://…@broker/x", password: "…", username: "me" } });
  });
});
