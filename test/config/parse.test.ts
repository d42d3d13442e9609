// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of pipelines are written like that
import { describe, expect, it } from "vitest";
import type { LoadedPipeline } from "../../src/config/loaded-pipeline.ts";
import { parsePipeline } from "../../src/config/parse.ts";
import { type Fault, IotmonError } from "../../src/core/errors.ts";
import { sourceTypes } from "../../src/io/sources/registry.ts";

const parse = (text: string, variables: Record<string, string> = {}): LoadedPipeline =>
  parsePipeline(text, "p.yaml", variables);

function faultsOf(text: string, variables: Record<string, string> = {}): readonly Fault[] {
  try {
    parse(text, variables);
  } catch (error) {
    if (error instanceof IotmonError && error.code === "ERR_CONFIG") return error.faults;
    throw error;
  }
  return [];
}

const lines = (text: string, variables?: Record<string, string>): string[] =>
  faultsOf(text, variables).map(({ at, message }) => `${at} ${message}`);

describe("parsePipeline", () => {
  it("lists the first hundred faults and says that there are more", () => {
    const unknown = Array.from({ length: 150 }, (_, i) => `k${i}: 1`);
    const faults = lines(["version: 1", ...unknown].join("\n"));
    expect(faults).toHaveLength(101);
    expect(faults.at(-2)).toBe('p.yaml:101:1 unknown key "k99"');
    expect(faults.at(-1)).toBe("p.yaml:102:1 there are 50 more unknown keys");
    const columns = Array.from(
      { length: 150 },
      () => "  - { columns: [x], functions: [std], windows: [5] }",
    );
    const head = ["version: 1", "buffr: {}", "buffer: { schema: { t: float } }", "features:"];
    const text = [...head, ...columns].join("\n");
    expect(lines(text)).toHaveLength(102);
    expect(lines(text).at(-1)).toContain("this and further faults are not explained");
  });

  it.each([
    ["a missing version", "name: x\n", "p.yaml:1:1 version: is missing"],
    ["another version", "version: 2\n", "p.yaml:1:10 version: must be 1, not 2"],
    ["an empty file", "", "p.yaml:1:1 the file is empty"],
    ["a comment alone", "# nothing\n", "p.yaml:1:1 the file is empty"],
    [
      "a text that is not a pipeline",
      "timestamp,value\n1,2\n",
      'p.yaml:1:1 must be a section of keys and values, not "timestamp,value 1,2"',
    ],
    ["an unknown key", "version: 1\nbuffr: {}\n", 'p.yaml:2:1 unknown key "buffr"'],
    [
      "an unknown key deep down",
      "version: 1\nalerts:\n  severity:\n    critcal: 1\n",
      'p.yaml:4:5 alerts.severity: unknown key "critcal"',
    ],
    ["a key given twice", "version: 1\nname: a\nname: b\n", 'p.yaml:3:1 key "name" is given twice'],
    [
      "a tab",
      "version: 1\nbuffer:\n\tkey: a\n",
      "p.yaml:3:1 not valid YAML: tabs can't indent YAML",
    ],
    [
      "several documents",
      "version: 1\n---\nversion: 1\n",
      "p.yaml:2:1 not valid YAML: more than one document in a file",
    ],
    ["an unknown anchor", "version: 1\nname: *x\n", "p.yaml:2:7 there is no anchor &x"],
    [
      "an alias inside its own anchor",
      "version: 1\nbuffer:\n  schema: &x {a: *x}\n",
      "p.yaml:3:18 *x is inside its own anchor",
    ],
    [
      "many aliases",
      `version: 1\nname: &a x\nsinks: [${Array(1001).fill("*a").join(",")}]\n`,
      "p.yaml:3:3009 there are more than 1000 aliases",
    ],
    [
      "aliases that make the document large",
      `version: 1\nname: &a [${Array(600).fill("x").join(",")}]\nsinks: [${Array(20).fill("*a").join(",")}]\n`,
      "p.yaml:3:57 aliases repeat more than 10000 values",
    ],
    [
      "a document that is too deep",
      `version: 1\nname: ${"[".repeat(101)}${"]".repeat(101)}\n`,
      "p.yaml:2:106 lists and sections are nested more than 100 levels deep",
    ],
    ["a key that is not a text", "version: 1\n{a: 1}: x\n", "p.yaml:2:1 a key must be a text"],
    [
      "a key that is given twice as number and text",
      'version: 1\nbuffer: { schema: { 1: float, "1": int } }\n',
      'p.yaml:2:31 key "1" is given twice',
    ],
    [
      "an unknown tag",
      "version: 1\nname: !foo x\n",
      "p.yaml:2:7 not valid YAML: Unresolved tag: !foo",
    ],
    [
      "an invalid baud rate",
      "version: 1\nsource: { type: serial, path: /dev/ttyUSB0, baud: fast }\n",
      'p.yaml:2:51 source.baud: must be a number from 50 to 4000000, or auto, not "fast"',
    ],
    [
      "a silence that is too short to be one",
      "version: 1\nsource: { type: serial, path: /dev/ttyUSB0, stale_after: 10ms }\n",
      'p.yaml:2:58 source.stale_after: must be 1s or longer, not "10ms"',
    ],
    [
      "a list for a section",
      "version: 1\nbuffer: [1]\n",
      "p.yaml:2:9 buffer: must be a section of keys and values, not a list",
    ],
    [
      "a section for a list",
      "version: 1\nfeatures: {}\n",
      "p.yaml:2:11 features: must be a list, not a section",
    ],
    [
      "an empty section",
      "version: 1\nbuffer:\n",
      "p.yaml:2:8 buffer: must be a section of keys and values, not nothing",
    ],
    [
      "a fraction",
      "version: 1\nbuffer: { max_rows: 1.5 }\n",
      "p.yaml:2:21 buffer.max_rows: must be a whole number, not 1.5",
    ],
    [
      "a number too small",
      "version: 1\nbuffer: { max_rows: 0 }\n",
      "p.yaml:2:21 buffer.max_rows: must be at least 1, not 0",
    ],
    [
      "an unknown type of column",
      "version: 1\nbuffer:\n  schema: { t: flaot }\n",
      'p.yaml:3:16 buffer.schema.t: must be one of datetime, str, float, int, bool, not "flaot"',
    ],
    [
      "a label that is not a text",
      "version: 1\nalerts: { labels: { rack: 7 } }\n",
      "p.yaml:2:27 alerts.labels.rack: must be a text; write numbers in quotes, not 7",
    ],
    [
      "a label without a text",
      'version: 1\nalerts: { labels: { rack: "" } }\n',
      'p.yaml:2:27 alerts.labels.rack: must be one line of 1 to 100 characters, not ""',
    ],
    [
      "a label with a name that receivers do not take",
      "version: 1\nalerts:\n  labels:\n    my-team: x\n",
      "p.yaml:4:14 alerts.labels.my-team: must be a name of at most 40 letters, digits and _ that begins with a letter",
    ],
    [
      "too many labels",
      `version: 1\nalerts: { labels: { ${Array.from({ length: 21 }, (_, i) => `l${i}: x`).join(", ")} } }\n`,
      "p.yaml:2:19 alerts.labels: must have at most 20 labels",
    ],
    [
      "a negative window",
      "version: 1\nfeatures:\n  - { name: m, column: t, function: mean, window: -3 }\n",
      "p.yaml:3:51 features.0.window: must be at least 1, not -3",
    ],
    [
      "a window of no length",
      "version: 1\nfeatures:\n  - { name: m, column: t, function: mean, window: 0s }\n",
      'p.yaml:3:51 features.0.window: must be a number of rows such as 10, or a duration such as 5m, above zero, not "0s"',
    ],
    [
      "a missing function",
      "version: 1\nfeatures:\n  - { name: m, column: t }\n",
      "p.yaml:3:5 features.0.function: is missing",
    ],
    [
      "an unknown algorithm",
      "version: 1\ndetectors:\n  - { name: d, algorithm: ecdo }\n",
      'p.yaml:3:27 detectors.0.algorithm: must be one of ecod, threshold, stuck, silent, rate_of_change, not "ecdo"',
    ],
    [
      "a missing algorithm",
      "version: 1\ndetectors:\n  - { name: d }\n",
      "p.yaml:3:5 detectors.0.algorithm: is missing",
    ],
    ["no detector", "version: 1\ndetectors: []\n", "p.yaml:2:12 detectors: must not be empty"],
    [
      "a contamination above one half",
      "version: 1\ndetectors:\n  - { name: d, algorithm: ecod, contamination: 0.6 }\n",
      "p.yaml:3:48 detectors.0.contamination: must be at most 0.5, not 0.6",
    ],
    [
      "a contamination of zero",
      "version: 1\ndetectors:\n  - { name: d, algorithm: ecod, contamination: 0 }\n",
      "p.yaml:3:48 detectors.0.contamination: must be above 0, not 0",
    ],
    [
      "a duration without a unit",
      "version: 1\nalerts: { cooldown: 10 }\n",
      "p.yaml:2:21 alerts.cooldown: must be a duration such as 250ms, 30s, 5m, 4h or 2d, not 10",
    ],
    [
      "more rows than are looked at",
      "version: 1\nalerts: { for: 6 of 5 }\n",
      'p.yaml:2:16 alerts.for: must not need more rows than it counts, not "6 of 5"',
    ],
    [
      "an unknown repeat",
      "version: 1\nalerts: { repeat: sometimes }\n",
      'p.yaml:2:19 alerts.repeat: must be off, or a duration such as 4h, not "sometimes"',
    ],
    [
      "a repeat without end",
      "version: 1\nalerts: { repeat: 0s }\n",
      'p.yaml:2:19 alerts.repeat: must be at least 1s, not "0s"',
    ],
    [
      "a type of source that is unknown",
      "version: 1\nsource: { type: flie, path: x }\n",
      `p.yaml:2:17 source.type: must be one of ${sourceTypes.map(({ type }) => type).join(", ")}, not "flie"`,
    ],
    [
      "a fault in a list of sources",
      "version: 1\nsource:\n  - { type: stdin }\n  - { type: file }\n",
      "p.yaml:4:5 source.1.path: is missing",
    ],
    [
      "an invalid address",
      "version: 1\nsinks: [{ type: webhook, url: 'ftp://x' }]\n",
      'p.yaml:2:31 sinks.0.url: must be an http or https address, not "ftp://x"',
    ],
    [
      "a name with a slash",
      "version: 1\nname: a/b\n",
      'p.yaml:2:7 name: must begin with a letter or digit, and have at most 100 letters, digits, spaces, dots, dashes and underscores, not "a/b"',
    ],
  ])("gives the place of %s", (_, text, fault) => {
    expect(lines(text)).toEqual([fault]);
  });

  it("gives the place of a syntax error", () => {
    expect(lines("version: 1\nname: 'x\n")[0]).toMatch(/^p\.yaml:\d+:\d+ not valid YAML: /);
  });

  it("reports several faults at once, in the order of the file", () => {
    const text = [
      "version: 1",
      "buffer: { max_rows: -1, kye: a }",
      "features:",
      "  - { name: a, column: t, function: maen, window: 10 }",
      "  - { columns: [t], functions: [std], windws: [10] }",
      "alerts: { cooldown: soon }",
    ].join("\n");
    expect(faultsOf(text).map(({ at }) => at)).toEqual([
      "p.yaml:2:21",
      "p.yaml:2:25",
      "p.yaml:4:37",
      "p.yaml:5:39",
      "p.yaml:6:21",
    ]);
  });

  it("reports a duplicate key with other faults", () => {
    expect(lines("version: 1\nname: a\nname: a\nbuffr: {}\n")).toEqual([
      'p.yaml:3:1 key "name" is given twice',
      'p.yaml:4:1 unknown key "buffr"',
    ]);
  });

  it.each([
    ["a key", "version: 1\nbuffr: {}\n", 'Did you mean "buffer"?'],
    [
      "a key cut short",
      "version: 1\ndetectors: [{ name: d, algorithm: ecod, warmup: 3 }]\n",
      'Did you mean "warmup_period"?',
    ],
    [
      "a function",
      "version: 1\nfeatures: [{ name: a, column: t, function: maen }]\n",
      'Did you mean "mean"?',
    ],
    [
      "a preset",
      "version: 1\ndetectors: [{ name: d, algorithm: ecod, preset: Frozen }]\n",
      'Did you mean "frozen"?',
    ],
    [
      "an algorithm",
      "version: 1\ndetectors: [{ name: d, algorithm: ecdo }]\n",
      'Did you mean "ecod"?',
    ],
    ["a type", "version: 1\nbuffer: { schema: { t: flaot } }\n", 'Did you mean "float"?'],
    ["a number in quotes", 'version: "1"\n', "Write it without quotes"],
  ])("suggests the intended name for %s", (_, text, hint) => {
    expect(faultsOf(text).map((fault) => fault.hint)).toEqual([hint]);
  });

  it("lists the known keys when none is similar", () => {
    expect(faultsOf("version: 1\nstate: { dir: a, zzzzzzz: 1 }\n")[0]?.hint).toBe(
      "Known keys: dir, max_recovery, max_size",
    );
  });

  it("reads JSON, also with tabs", () => {
    const { config } = parse('{\n\t"version": 1,\n\t"buffer": { "key": "a" }\n}');
    expect(config.buffer.key).toBe("a");
    expect(lines('{\n\t"version": 1,\n\t"nme": 2\n}')).toEqual(['p.yaml:3:2 unknown key "nme"']);
  });

  it("fills in the defaults", () => {
    expect(parse("version: 1\n").config).toMatchObject({
      buffer: { max_rows: 10_000, max_keys: 10_000 },
      features: [],
      detectors: [{ name: "anomaly", algorithm: "ecod", preset: "stream", warmup_period: 200 }],
      alerts: {},
      sinks: [],
    });
  });

  it("names the pipeline after its file, unless it has a name", () => {
    expect(parsePipeline("version: 1\n", "dir/green house.yaml", {}).name).toBe("green house");
    expect(parse("version: 1\nname: attic\n").name).toBe("attic");
  });

  it("reads windows, durations and rules", () => {
    const { config } = parse(
      [
        "version: 1",
        "features:",
        "  - { columns: [t], functions: [mean], windows: [10, 5m] }",
        "alerts: { for: 3 of 5, cooldown: 0s, resolve_after: 60s, repeat: 4h }",
        "detectors:",
        "  - { name: d, algorithm: ecod, alerts: { for: 2, resolve_after: 3, repeat: off } }",
        "  - { name: e, algorithm: ecod, alerts: { for: 2m } }",
      ].join("\n"),
    );
    expect(config.features[0]).toMatchObject({
      windows: [
        { kind: "rows", rows: 10 },
        { kind: "duration", ms: 300_000 },
      ],
    });
    expect(config.alerts).toEqual({
      for: { kind: "rows", need: 3, of: 5 },
      cooldown: 0,
      resolve_after: { kind: "duration", ms: 60_000 },
      repeat: 14_400_000,
    });
    expect(config.detectors.map(({ alerts }) => alerts)).toEqual([
      {
        for: { kind: "rows", need: 2, of: 2 },
        resolve_after: { kind: "rows", rows: 3 },
        repeat: "off",
      },
      { for: { kind: "duration", ms: 120_000 } },
    ]);
  });
});

describe("faults of the schema and of the rules", () => {
  const text = `version: 1
buffer: { schema: { time: datetime, temperature: float } }
features:
  - { name: mean, column: temprature, function: mean, window: 10 }
  - { name: high, column: temperature, functoin: max, window: 5 }
detectors:
  - { name: hot, algorithm: threshold, when: temperature > }
  - { name: cold, algorithm: threshold, when: high < 3, severty: info }
  - { name: odd, algorithm: stuck, column: pressure, after: 5m }
alerts: { cooldwn: 1h }
sinks:
  - { type: webhook, url: "https://example.org", secret: written }
  - { type: file }
`;

  it("are shown in one run, without those that follow from others", () => {
    expect(lines(text)).toEqual([
      'p.yaml:4:27 features.0.column: there is no column "temprature"',
      "p.yaml:5:5 features.1.function: is missing",
      'p.yaml:5:40 features.1: unknown key "functoin"',
      "p.yaml:7:59 detectors.0.when: expected a number or a name, but found the end of the rule",
      'p.yaml:8:57 detectors.1: unknown key "severty"',
      'p.yaml:9:44 detectors.2.column: "pressure" is not a numeric column, a declared feature or <column>_<function>_<window>',
      'p.yaml:10:11 alerts: unknown key "cooldwn"',
      "p.yaml:12:58 sinks.0.secret: is a secret and must not be in the file",
      "p.yaml:13:5 sinks.1.path: is missing",
    ]);
  });

  it("are only those of the schema if the columns have a fault or an unset variable", () => {
    const rest = "detectors: [{ name: a, algorithm: stuck, column: b_nean_10, after: 5m }]\n";
    expect(lines(`version: 1\nbuffer: { schema: { a: flaot } }\n${rest}`)).toHaveLength(1);
    expect(
      lines(`version: 1\nbuffer: { schema: { a: float }, key: "\${K}" }\n${rest}`),
    ).toHaveLength(1);
    expect(lines(`version: 1\nbuffer: { schema: { a: float } }\nstate: 7\n${rest}`)).toHaveLength(
      2,
    );
  });
});

describe("variables", () => {
  const sink = (url: string): string =>
    `version: 1\nsinks:\n  - { type: webhook, url: "${url}" }\n`;
  const urlOf = (url: string, variables: Record<string, string>): unknown =>
    parse(sink(url), variables).config.sinks[0];

  it("are replaced inside texts", () => {
    const got = urlOf("https://${HOST}/${PATH_:-in}", { HOST: "example.org" });
    expect(got).toMatchObject({ url: "https://example.org/in" });
  });

  it("use the default when set but empty", () => {
    expect(urlOf("https://${HOST:-a.org}", { HOST: "" })).toMatchObject({ url: "https://a.org" });
  });

  it("keep ${ when written as $${", () => {
    expect(parse('version: 1\nstate: { dir: "$${A}" }\n').config.state).toEqual({ dir: "${A}" });
  });

  it("are not replaced twice", () => {
    const { config } = parse('version: 1\nstate: { dir: "${A}" }\n', { A: "${B}", B: "x" });
    expect(config.state).toEqual({ dir: "${B}" });
  });

  it("are not replaced in keys", () => {
    const { config } = parse('version: 1\nbuffer: { schema: { "${A}": float } }\n', { A: "x" });
    expect(config.buffer.schema).toEqual({ "${A}": "float" });
  });

  it("that are unset are faults with their names", () => {
    const faults = faultsOf('version: 1\nname: x\nstate: { dir: "a/${ALERT_DIR}" }\n');
    expect(faults).toMatchObject([
      {
        at: "p.yaml:3:15",
        message: "state.dir: the variable ALERT_DIR is not set",
        hint: "Set ALERT_DIR, or give a default: ${ALERT_DIR:-...}",
      },
    ]);
  });

  it("that are unset are faults, even with the name of an object property", () => {
    expect(lines('version: 1\nstate: { dir: "${constructor}" }\n')).toEqual([
      "p.yaml:2:15 state.dir: the variable constructor is not set",
    ]);
  });

  it.each(["${}", "${A B}", "${A", "${1}"])("that are malformed are faults: %s", (text) => {
    expect(lines(`version: 1\nstate: { dir: "${text}" }\n`, { A: "x" })).toEqual([
      `p.yaml:2:15 state.dir: "${text}" is not a variable`,
    ]);
  });

  it("never show their value in a fault", () => {
    const [fault] = lines(sink("${ALERT_URL}"), { ALERT_URL: "s3cret" });
    expect(fault).toBe(
      'p.yaml:3:27 sinks.0.url: must be an http or https address, not "${ALERT_URL}"',
    );
  });
});
