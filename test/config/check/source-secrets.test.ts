import { describe, expect, it } from "vitest";
import { parsePipeline } from "../../../src/config/parse.ts";
import { withoutReceivers } from "../../../src/config/schema/pipeline.ts";

const ENV = { URL: "mqtt://me:hush@host/a", PASSWORD: "hush" };
const parse = (source: string) =>
  parsePipeline(`version: 1\nsource: { type: mqtt, ${source} }\n`, "p.yaml", ENV);

function faultOf(source: string): string {
  try {
    parse(source);
  } catch (error) {
    return JSON.stringify((error as { faults: unknown }).faults);
  }
  return "";
}

describe("secrets of sources", () => {
  it.each(['url: "mqtt://me:hush@host/a"', 'url: "mqtt://host/a", password: hush'])(
    "are a fault in the file: %s",
    (source) => {
      expect(faultOf(source)).toContain("is a secret, and written in the file");
      expect(faultOf(source)).not.toContain("hush");
    },
  );

  it("are not shown in other faults", () => {
    const fault = faultOf('url: "mqt://me:hush@host/a", password: [hush]');
    expect(fault).toContain("must begin with mqtt:// or mqtts://");
    expect(fault).not.toContain("hush");
    expect(faultOf('url: "mqt://host/a"')).toContain("mqt://host/a");
  });

  it("stay out of what the state machine keeps", () => {
    const { config } = parse(`url: "\${URL}", username: me, password: "\${PASSWORD}", topics: b`);
    const kept = withoutReceivers(config).source;
    expect(kept).toMatchObject({ type: "mqtt", url: "mqtt://host/a", topics: ["b"] });
    expect(JSON.stringify(kept)).not.toContain("hush");
    expect(kept).not.toHaveProperty("password");
  });

  it("may be a user without a password", () => {
    expect(parse('url: "mqtt://me@host/a"').config.source).toMatchObject({ qos: 1, protocol: 5 });
  });
});

describe("topics of a source", () => {
  it.each([
    ["topics: a/#/b", "a wildcard that is not a whole level"],
    ["topics: [$share/g/a]", "is a shared subscription"],
    ['topic: "a/x{id}"', "that are a whole level"],
    ["qos: 2", "must be 0 or 1"],
  ])("are checked: %s", (setting, fault) => {
    expect(faultOf(`url: "mqtt://host", ${setting}`)).toContain(fault);
  });
});
