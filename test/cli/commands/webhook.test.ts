// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of pipelines are written like that
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { ChaosReceiver } from "../../support/chaos-receiver.ts";
import { folderWith, runCli, runProgram } from "../../support/run-cli.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const BODY = '{"hello": "world"}';

function signed(ageSeconds = 0, body = BODY): string[] {
  const at = new Date(Date.now() - ageSeconds * 1000);
  const signature = new Webhook(SECRET).sign("m1", at, body);
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return ["--id", "m1", "--timestamp", timestamp, "--signature", signature];
}

const verify = (
  args: readonly string[],
  input = BODY,
  env: Record<string, string> = { ALERT_SECRET: SECRET },
) => runProgram(["webhook", "verify", ...args], { input, env });

describe("iotmon webhook verify", () => {
  it("accepts a signature of an independent implementation", async () => {
    const { code, stdout, stderr } = await verify(signed());
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^ok: signed with this secret, \d+s ago\n$/);
  });

  it.each([
    ["another secret", signed(), BODY, { ALERT_SECRET: "x" }, "The secret is wrong"],
    ["another body", signed(), `${BODY} `, undefined, "The secret is wrong"],
    ["a line end too many", signed(), `${BODY}\n`, undefined, "without its last line end"],
    [
      "a body that was parsed",
      signed(0, '{"hello":"world"}'),
      BODY,
      undefined,
      "as received, not parsed",
    ],
    ["an old message", signed(301), BODY, undefined, "too old: 5m"],
    ["a message of the future", signed(-400), BODY, undefined, "ahead of this clock"],
    ["an invalid secret", signed(), BODY, { ALERT_SECRET: "whsec_!" }, "the rest is not base64"],
    [
      "another scheme",
      [...signed().slice(0, 5), "sha256=abc"],
      BODY,
      undefined,
      "has no signature of version 1",
    ],
    [
      "an invalid timestamp",
      ["--id", "m1", "--timestamp", "now", "--signature", "v1,x"],
      BODY,
      undefined,
      "not a number of seconds",
    ],
  ])("explains %s", async (_, args, input, env, text) => {
    const { code, stdout, stderr } = await verify(args, input, env);
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toMatch(/^invalid: /);
    expect(stdout).toContain(text);
    expect(stdout).not.toContain(SECRET.slice(6));
  });

  it("takes body and secret from files, and any tolerance", async () => {
    const cwd = await folderWith({ "body.json": BODY, secret: `${SECRET}\n` });
    const args = ["webhook", "verify", "body.json", "--secret-file", "secret", "--tolerance", "2h"];
    const { code, stdout } = await runCli([...args, ...signed(3600)], { cwd });
    expect([code, stdout.slice(0, 3)]).toEqual([0, "ok:"]);
  });

  it("names a missing secret or option", async () => {
    const unset = await runCli(["webhook", "verify", ...signed()], { input: BODY });
    expect(unset.code).toBe(64);
    expect(unset.stderr).toContain("the variable ALERT_SECRET is not set");
    const missing = await verify(["--id", "m1"]);
    expect(missing.code).toBe(64);
    const gone = await verify(["gone.json", ...signed()]);
    expect(gone.code).toBe(66);
  });
});

describe("iotmon webhook test", () => {
  const pipeline = [
    "version: 1",
    "name: greenhouse",
    "sinks:",
    "  - { type: console }",
    '  - { type: webhook, url: "${HOOK}/path-t0ken", secret: "${SECRET}" }',
    '  - { type: alertmanager, url: "${HOOK}" }',
    '  - { type: slack, url: "${SLACK}/services/path-t0ken" }',
  ].join("\n");

  async function run(status: number, args: readonly string[] = []) {
    const receiver = await ChaosReceiver.start({ status });
    const other = await ChaosReceiver.start({ status: 200, body: "ok" });
    const cwd = await folderWith({ "p.yaml": pipeline });
    const env = { HOOK: receiver.origin, SLACK: other.origin, SECRET };
    const result = await runCli(["webhook", "test", "-p", "p.yaml", ...args], { cwd, env });
    return { ...result, received: receiver.received, slack: other.received };
  }

  it("sends a signed message to each sink that posts, and shows the answers", async () => {
    const { code, stdout, stderr, received, slack } = await run(202);
    expect([code, stderr]).toEqual([0, ""]);
    // as wide as the times, which are in ms or in s
    expect(stdout.replaceAll(/ +(?:TIME|[\d.,]+ m?s) {2}/g, " - ")).toBe(
      [
        "SINK - ANSWER",
        "webhook - answered 202 Accepted",
        "alertmanager - answered 202 Accepted",
        "slack - answered 200 OK",
        "",
      ].join("\n"),
    );
    const request = received.find(({ path }) => path === "/path-t0ken");
    const headers = Object.entries(request?.headers ?? {}).map(([name, value]) => [
      name,
      `${value}`,
    ]);
    expect(
      new Webhook(SECRET).verify(request?.body ?? "", Object.fromEntries(headers)),
    ).toMatchObject({
      source: "iotmon",
      pipeline: "greenhouse",
      detector: "test",
    });
    expect(received.map(({ path }) => path).sort()).toEqual(["/api/v2/alerts", "/path-t0ken"]);
    expect(slack).toHaveLength(1);
  });

  it("exits with 69 when a sink does not accept it, and shows no secret", async () => {
    const { code, stdout } = await run(503, ["--sink", "webhook"]);
    expect(code).toBe(69);
    expect(stdout).toContain("answered 503 Service Unavailable");
    expect(stdout).not.toContain("t0ken");
    expect(stdout).not.toContain("slack");
  });

  it("tests many sinks in parallel, without warnings", async () => {
    const hooks = Array.from({ length: 12 }, (_, i) => `{ type: webhook, url: "\${HOOK}/${i}" }`);
    const cwd = await folderWith({ "p.yaml": `version: 1\nsinks: [ ${hooks.join(", ")} ]\n` });
    const env = { HOOK: (await ChaosReceiver.start({ status: 200 })).origin };
    const { code, stderr } = await runProgram(["webhook", "test", "-p", "p.yaml"], { cwd, env });
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("suggests known sinks", async () => {
    const { code, stderr } = await run(200, ["--sink", "webhok"]);
    expect(code).toBe(64);
    expect(stderr).toContain('Did you mean "webhook"?');
    const cwd = await folderWith({ "p.yaml": "version: 1\nsinks: [{ type: console }]\n" });
    const none = await runCli(["webhook", "test", "-p", "p.yaml"], { cwd });
    expect(none.code).toBe(64);
    expect(none.stderr).toContain("no sink that posts");
  });
});
