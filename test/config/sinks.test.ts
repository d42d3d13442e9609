// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of pipelines are written like that
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { examinePipeline } from "../../src/config/check/examine.ts";
import { parsePipeline } from "../../src/config/parse.ts";
import { createSinks } from "../../src/config/sinks/create-sinks.ts";
import { IotmonError } from "../../src/core/errors.ts";
import { ChaosReceiver } from "../support/chaos-receiver.ts";
import { bodyOf, messageOf } from "../support/messages.ts";
import { folderWith } from "../support/run-cli.ts";
import { SECRET_TEXTS, SECRETS, sinkContext } from "../support/sink-setups.ts";

const variables = {
  URL: "https://example.org/in",
  SECRET: SECRETS.signing,
  TOKEN: SECRETS.header,
};

const parse = (sinks: string, env: Record<string, string> = variables) =>
  parsePipeline(`version: 1\nsinks: ${sinks}\n`, "p.yaml", env);

function faultsOf(sinks: string, env?: Record<string, string>): readonly string[] {
  try {
    parse(sinks, env);
  } catch (error) {
    if (!(error instanceof IotmonError)) throw error;
    return error.faults.map(({ message, hint }) => `${message}. ${hint ?? ""}`.trim());
  }
  return [];
}

const create = (sinks: string, origin: "file" | "http" = "file", cwd = "/") =>
  createSinks(parse(sinks), { ...sinkContext(), origin, cwd });

describe("sinks of a pipeline file", () => {
  it("have defaults", () => {
    const [sink] = parse("[{ type: file, path: a.jsonl }]").config.sinks;
    expect(sink).toEqual({
      type: "file",
      path: "a.jsonl",
      max_size: 16_777_216,
      keep: 4,
      min_severity: "info",
      send_resolved: true,
      match: {},
      retry: {
        schedule: [0, 5e3, 30e3, 300e3, 1800e3, 7200e3, 18000e3, 36000e3],
        max_age: 259_200_000,
      },
      circuit: { failures: 5, open_for: 30_000 },
      timeout: 15_000,
    });
  });

  it.each([
    ["a secret", "[{ type: webhook, url: '${URL}', secret: abc }]", "sinks.0.secret"],
    [
      "a secret of a list",
      "[{ type: webhook, url: '${URL}', secret: ['${SECRET}', abc] }]",
      "sinks.0.secret.1",
    ],
    [
      "a secret as a default",
      "[{ type: webhook, url: '${URL}', secret: '${X:-abc}' }]",
      "sinks.0.secret",
    ],
    [
      "a secret that only looks like a variable",
      "[{ type: webhook, url: '${URL}', secret: '$${X}' }]",
      "sinks.0.secret",
    ],
    [
      "a token in a header",
      "[{ type: webhook, url: '${URL}', headers: { Authorization: abc } }]",
      "sinks.0.headers.Authorization",
    ],
    [
      "a password in an address",
      "[{ type: webhook, url: 'https://a:abc@example.org' }]",
      "sinks.0.url",
    ],
    [
      "a token in an address",
      "[{ type: webhook, url: 'https://example.org?api_key=abc' }]",
      "sinks.0.url",
    ],
  ])("must not contain %s", (_, sinks, path) => {
    const found = faultsOf(sinks);
    expect(found).toEqual([
      `${path}: is a secret and must not be in the file. Put it into an environment variable: "\${ALERT_SECRET}"`,
    ]);
  });

  it("must not contain the address of Slack, which is a secret", () => {
    expect(
      faultsOf("[{ type: slack, url: 'https://hooks.slack.com/services/T0/B0/abc' }]"),
    ).toEqual([
      'sinks.0.url: is a secret and must not be in the file. Put it into an environment variable: "${SLACK_URL}"',
    ]);
  });

  it.each([
    ["an address without secrets", "[{ type: webhook, url: 'https://example.org/alerts' }]"],
    ["variables", "[{ type: webhook, url: '${URL}', secret: ['${SECRET}', 'whsec_${PART}'] }]"],
    ["headers that let nobody in", "[{ type: webhook, url: '${URL}', headers: { X-Team: a } }]"],
    [
      "a part from a variable",
      "[{ type: webhook, url: '${URL}', headers: { Authorization: 'Bearer ${TOKEN}' } }]",
    ],
  ])("may contain %s", (_, sinks) => {
    expect(faultsOf(sinks, { ...variables, PART: "YWJj" })).toEqual([]);
  });

  it.each([
    [
      "[{ type: webhook, url: 'htp://h/path-t0ken-4711' }]",
      'sinks.0.url: must be an http or https address, not "htp://h/…".',
    ],
    [
      "[{ type: webhook, url: 'path-t0ken-4711' }]",
      "sinks.0.url: must be an http or https address.",
    ],
    [
      "[{ type: webhook, url: 'ftp://user:passw0rd-4711@h' }]",
      "sinks.0.url: must be an http or https address.",
    ],
    [
      "[{ type: webhook, url: '${URL}', secret: 'whsec_!path-t0ken-4711' }]",
      "sinks.0.secret: must be base64 after whsec_.",
    ],
    [
      "[{ type: webhook, url: '${URL}', headers: { A: \"path-t0ken-4711\\n\" } }]",
      "sinks.0.headers.A: must be one line of text.",
    ],
    [
      "[{ type: webhook, url: '${URL}', secret: 't0ken-4711', secret_file: x }]",
      "sinks.0.secret_file: can't be used with secret. Keep one of the two",
    ],
  ])("have faults that show no secret: %s", (sinks, fault) => {
    const found = faultsOf(sinks);
    expect(found.map((text) => text.replace(/ $/, ""))).toContain(fault);
    for (const secret of SECRET_TEXTS) expect(found.join()).not.toContain(secret);
  });

  it.each([
    [
      "a name given twice",
      "[{ type: console, name: a }, { type: console, name: a }]",
      'sinks.1.name: "a" is taken',
    ],
    [
      "a name with a slash",
      "[{ type: console, name: a/b }]",
      "sinks.0.name: must begin with a letter or digit, and have at most 64 letters",
    ],
    [
      "an invalid expression",
      "[{ type: console, match: { team: '/(/' } }]",
      "sinks.0.match.team: must be a regular expression between slashes",
    ],
    [
      "an expression that can't run in linear time",
      "[{ type: console, match: { team: [x, '/^(?!y)/'] } }]",
      "sinks.0.match.team.1: must not use lookahead and lookbehind",
    ],
    [
      "too many expressions",
      `[{ type: console, match: { team: [${"/a/,".repeat(100)} x] } }, { type: console, match: { team: /b/ } }]`,
      "sinks.1.match.team: is one of 101 expressions; at most 100 are allowed",
    ],
    [
      "a size without a unit",
      "[{ type: file, path: a, max_size: 100 }]",
      "sinks.0.max_size: must be a size such as 512KiB, 16MiB or 1GB",
    ],
    [
      "an invalid size",
      "[{ type: file, path: a, max_size: 1KiB }]",
      "sinks.0.max_size: must be at least 4KiB",
    ],
    [
      "no attempt",
      "[{ type: console, retry: { schedule: [] } }]",
      "sinks.0.retry.schedule: must not be empty",
    ],
    [
      "a header of ours",
      "[{ type: webhook, url: '${URL}', headers: { webhook-id: a } }]",
      "sinks.0.headers.webhook-id: is not a header that can be set",
    ],
    [
      "an unknown type",
      "[{ type: email }]",
      "sinks.0.type: must be one of console, file, webhook, alertmanager, slack",
    ],
  ])("have a fault: %s", (_, sinks, fault) => {
    expect(faultsOf(sinks).join()).toContain(fault);
  });
});

describe("an alertmanager sink", () => {
  const warnings = (alerts: string, sink = ""): readonly string[] => {
    const text = [
      "version: 1",
      "buffer: { schema: { timestamp: datetime, t: float } }",
      `alerts: ${alerts}`,
      `sinks: [{ type: alertmanager, url: "http://am:9093"${sink} }]`,
    ].join("\n");
    const pipeline = parsePipeline(text, "p.yaml", {});
    return examinePipeline(pipeline, null).warnings.map(({ message }) => message);
  };

  it("has a warning if it would resolve an episode that still lasts", () => {
    const warning = (limit: string): string =>
      `sinks.0: Alertmanager resolves an episode after ${limit} without a new message`;
    expect(warnings("{}")).toEqual([warning("1d")]);
    expect(warnings("{ repeat: 1d }")).toEqual([warning("1d")]);
    expect(warnings("{ repeat: 4h }", ", expires_after: 2h")).toEqual([warning("2h")]);
    expect(warnings("{ repeat: 4h }")).toEqual([]);
  });
});

describe("an address with a token of a known service", () => {
  const warnings = (url: string, env: Record<string, string> = {}): readonly string[] => {
    const text = [
      "version: 1",
      "buffer: { schema: { timestamp: datetime, t: float } }",
      `sinks: [{ type: webhook, url: "${url}" }]`,
      `heartbeat: { url: "${url}" }`,
    ].join("\n");
    const pipeline = parsePipeline(text, "p.yaml", env);
    return examinePipeline(pipeline, null).warnings.map(({ at, message }) => `${at} ${message}`);
  };

  it.each([
    ["https://discord.com/api/webhooks/123456/abc-DEF", "a token of Discord"],
    ["https://api.telegram.org/bot123456:ABC-def/sendMessage", "a token of Telegram"],
    [
      "https://acme.webhook.office.com/webhookb2/1f@2/IncomingWebhook/3",
      "a token of Microsoft Teams",
    ],
    ["https://hooks.zapier.com/hooks/catch/1/2/", "a token of Zapier"],
    ["https://maker.ifttt.com/trigger/hot/with/key/abc", "a token of IFTTT"],
    [`https://example.org/ghp_${"a1B2".repeat(9)}/in`, "a token of GitHub"],
    [`https://example.org/in/eyJ${"a".repeat(20)}.eyJ${"b".repeat(20)}.c`, "a JSON web token"],
  ])("is a warning: %s", (url, what) => {
    expect(warnings(url)).toEqual([
      `p.yaml:3:31 sinks.0.url: holds ${what}: everybody who reads the file can use it`,
      `p.yaml:4:19 heartbeat.url: holds ${what}: everybody who reads the file can use it`,
    ]);
  });

  it.each([
    "https://example.org/hook",
    "https://discord.com/channels/1/2",
    "${HOOK}",
    "https://discord.com/api/webhooks/123456/${PART}",
  ])("is not %s", (url) => {
    expect(warnings(url, { HOOK: "https://discord.com/api/webhooks/1/2", PART: "x" })).toEqual([]);
  });
});

describe("createSinks", () => {
  it("names sinks by their type, with different names", async () => {
    const sinks = await create(
      "[{ type: console }, { type: console, name: console-2 }, { type: console }, { type: slack, url: '${URL}' }]",
    );
    expect(sinks.map(({ sink }) => sink.name)).toEqual([
      "console",
      "console-2",
      "console-3",
      "slack",
    ]);
  });

  it("sets the messages, retries and timeout of each sink", async () => {
    const [sink] = await create(
      "[{ type: console, min_severity: warning, send_resolved: false, timeout: 3s, " +
        "match: { team: [facilities, 7], sensor_id: /^PUMP/i }, retry: { schedule: [1s], max_age: 1m } }]",
    );
    expect(sink).toMatchObject({
      timeoutMs: 3000,
      retry: { scheduleMs: [1000], maxAgeMs: 60_000 },
    });
    expect(sink?.accepts(bodyOf())).toBe(true);
    expect(sink?.accepts(bodyOf({ labels: { team: "7" } }))).toBe(true);
    for (const changes of [
      { severity: "info" },
      { status: "resolved" },
      { labels: { team: "other" } },
      { labels: {} },
      { sensor_id: "fan" },
    ] as const) {
      expect(sink?.accepts(bodyOf(changes)), JSON.stringify(changes)).toBe(false);
    }
  });

  it("reads secrets from files", async () => {
    const cwd = await folderWith({
      one: "whsec_YWJj\n",
      two: "first\r\n\nsecond\n",
      none: "\n",
      bad: "whsec_!",
    });
    const receiver = await ChaosReceiver.start({ status: 200 });
    const from = (file: string) =>
      create(`[{ type: webhook, url: '${receiver.origin}', secret_file: ${file} }]`, "file", cwd);
    for (const file of ["one", "two", join(cwd, "one")]) {
      const [configured] = await from(file);
      await configured?.sink.deliver(messageOf(), AbortSignal.timeout(60_000));
      await configured?.sink.close();
    }
    const signatures = receiver.received.map(({ headers }) => String(headers["webhook-signature"]));
    expect(signatures.map((text) => text.split(" ").length)).toEqual([1, 2, 1]);
    await expect(from("none")).rejects.toThrow("sinks.0.secret_file: none is empty");
    await expect(from("bad")).rejects.toThrow("must hold base64 after whsec_");
    await expect(from("gone")).rejects.toMatchObject({
      code: "ERR_CONFIG",
      at: expect.stringMatching(/^p\.yaml:2:/),
    });
  });

  it("denies pipelines from HTTP the use of files and the inner network", async () => {
    const receiver = await ChaosReceiver.start({ status: 200 });
    const [configured] = await create(`[{ type: webhook, url: '${receiver.origin}' }]`, "http");
    expect(await configured?.sink.deliver(messageOf(), AbortSignal.timeout(60_000))).toMatchObject({
      kind: "rejected",
    });
    expect(receiver.received).toEqual([]);
    for (const sinks of [
      "[{ type: file, path: /tmp/x }]",
      "[{ type: webhook, url: '${URL}', secret_file: /etc/passwd }]",
      "[{ type: slack, url: '${URL}', ca_file: /etc/passwd }]",
    ]) {
      await expect(create(sinks, "http")).rejects.toThrow("over HTTP must not name files");
    }
  });
});
