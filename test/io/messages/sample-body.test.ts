import { describe, expect, it } from "vitest";
import { parseAlertBody } from "../../../src/io/messages/alert-schema.ts";
import { sampleBody } from "../../../src/io/messages/sample-body.ts";

describe("sampleBody", () => {
  it("is a message as the schema has it", () => {
    const body = sampleBody("greenhouse", Date.UTC(2024, 4, 1));
    expect(parseAlertBody(JSON.stringify(body))).toEqual(body);
  });
});
