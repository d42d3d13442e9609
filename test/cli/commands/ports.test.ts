import { describe, expect, it } from "vitest";
import { runProgram } from "../../support/run-cli.ts";

describe("iotmon ports", () => {
  it("lists ports as JSON, and reports when there are none", async () => {
    const { code, stdout, stderr } = await runProgram(["ports", "--format", "json"]);
    expect(code).toBe(0);
    const ports = JSON.parse(stdout) as readonly object[];
    for (const port of ports) {
      expect(Object.keys(port)).toEqual(["name", "device", "description", "permitted"]);
    }
    expect(stderr).toBe(ports.length === 0 ? "no serial ports\n" : "");
  });

  it("lists ports as a table", async () => {
    const { code, stdout, stderr } = await runProgram(["ports"]);
    expect(code).toBe(0);
    expect(stdout === "" ? stderr : stdout).toMatch(
      /^(no serial ports\n|PORT +DEVICE +ACCESS +WHAT\n\/)/,
    );
  });
});
