import { describe, expect, it } from "vitest";
import { sampleBody } from "../../../src/io/messages/sample-body.ts";
import { parseMessage } from "../../support/parse-message.ts";

describe("sampleBody", () => {
  it("is valid by the schema", () => {
    const body = sampleBody("greenhouse", Date.UTC(2024, 4, 1));
    expect(parseMessage(JSON.stringify(body))).toEqual(body);
  });
});
