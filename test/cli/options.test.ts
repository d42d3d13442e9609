import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands/registry.ts";
import { parseOptions } from "../../src/cli/options/parse-options.ts";
import type { CommandSpec, OptionSpec, OptionTable } from "../../src/cli/options/table.ts";
import { createProgram } from "../../src/cli/program.ts";
import { type Fault, IotmonError } from "../../src/core/errors.ts";
import { runCli } from "../support/run-cli.ts";

/** A value that an option takes. */
const VALUES: Readonly<Record<string, string>> = {
  "--compare": "other.yaml",
  "--fail-on": "critical > 0",
  "--from": "2024-05-01",
  "--holdout": "0.3",
  "--limit": "10",
  "--max-rejects": "10",
  "--save-state": "new",
  "--scores": "scores.csv",
  "--send-wait": "1s",
  "--speed": "60x",
  "--start": "2024-05-01",
  "--sweep": "detectors.0.contamination=0.01,0.02",
  "--to": "2024-05-02",
  "--tolerance": "1m",
  "--top": "5",
  "--workers": "2",
};

/** Options of `replay` that make sense with `--sweep`, `--compare` and `--each`; all others must be refused. */
const WITH_ALL = [
  ...["--from", "--to", "--limit", "--workers", "--input-format", "--strict", "--top", "--labels"],
  ...["--time-format", "--time-zone", "--start", "--zone"],
];
const ACCEPTED: Readonly<Record<string, readonly string[]>> = {
  "--sweep": [
    ...WITH_ALL,
    ...["--pipeline", "--format", "--rejects", "--max-rejects"],
    ...["--optimize", "--holdout", "--write-pipeline"],
  ],
  "--compare": [
    ...WITH_ALL,
    ...["--pipeline", "--format", "--rejects", "--max-rejects", "--speed", "--fail-on"],
  ],
  "--each": [
    ...WITH_ALL,
    ...["--pipeline", "--format", "--rejects", "--max-rejects", "--speed", "--fail-on"],
    ...[
      "--send",
      "--send-wait",
      "--state",
      "--scores",
      "--features",
      "--report",
      "--write-pipeline",
    ],
  ],
};

const commands = COMMANDS.flatMap((command) =>
  "commands" in command
    ? command.commands.map((child) => [`${command.name} ${child.name}`, child] as const)
    : [[command.name, command] as const],
);

const replay = commands.find(([name]) => name === "replay")?.[1] as CommandSpec<OptionTable>;
const table = await replay.options();
const options = Object.values(table);

function long({ flags }: OptionSpec): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? "";
}

function words(spec: OptionSpec): string[] {
  if (spec.kind === undefined) return [long(spec)];
  const { completion } = spec.kind;
  const word = typeof completion === "string" ? VALUES[long(spec)] : completion[0];
  return [long(spec), word ?? "x"];
}

/** The options together with those that they need. */
function args(...specs: readonly OptionSpec[]): string[] {
  const needed = specs.flatMap(({ needs }) =>
    Object.keys(needs ?? {}).flatMap((name) => table[name] ?? []),
  );
  return [...new Set([...specs, ...needed])].flatMap(words);
}

describe.each(commands)("the options of %s", (_name, command) => {
  it("exclude and need only options that the command has", async () => {
    const own = await command.options();
    for (const { excludes, needs } of Object.values(own)) {
      for (const other of Object.keys({ ...excludes, ...needs })) {
        expect(Object.keys(own)).toContain(other);
      }
    }
  });

  it("have defaults that their kinds accept", async () => {
    for (const { default: text, kind } of Object.values(await command.options())) {
      if (text !== undefined) expect(kind?.parse(text)).toBeDefined();
    }
  });
});

/** Faults of a command line of `replay`, which does not run. */
async function faultsOf(line: readonly string[]): Promise<readonly Fault[]> {
  const { stdin, stdout, stderr } = process;
  const context = {
    ...{ stdin, stdout, stderr, env: {}, cwd: "/" },
    signal: AbortSignal.abort(),
    abandonStdout: () => {},
  };
  const args = ["replay", "none.csv", ...line];
  const program = await createProgram({ words: args, context, version: "0", done: () => {} });
  const command = program.commands.find((child) => child.name() === "replay");
  if (command === undefined) throw new Error("replay is missing");
  command.action(() => {});
  program.parse(args, { from: "user" });
  try {
    await parseOptions(replay, command);
    return [];
  } catch (error) {
    if (error instanceof IotmonError) return error.faults;
    throw error;
  }
}

const exclusions = options.flatMap((spec) =>
  Object.keys(spec.excludes ?? {}).map((name) => {
    const other = table[name] as OptionSpec;
    return [long(spec), long(other), [...args(spec), ...args(other)]] as const;
  }),
);

it.each(exclusions)("replay rejects %s with %s, and names both", async (name, other, line) => {
  const faults = await faultsOf(line);
  const messages = faults.map(({ message }) => message);
  expect(messages).toContainEqual(expect.stringMatching(`^${name} can't be used with ${other}: .`));
  expect(faults.map(({ hint }) => hint)).toContain(`Leave out ${name} or ${other}`);
});

const dependent = options.filter(({ needs }) => needs !== undefined);

it.each(dependent.map((spec) => [long(spec), spec] as const))(
  "replay refuses %s without the option that it needs",
  async (name, spec) => {
    const faults = await faultsOf(words(spec));
    expect(faults).toHaveLength(1);
    expect(faults[0]?.message).toMatch(`${name} needs --`);
    expect(faults[0]?.hint).toMatch(/^Add --/);
    expect(await faultsOf(args(spec))).toEqual([]);
  },
);

describe.each(Object.entries(ACCEPTED))("replay %s", (mode, accepted) => {
  const modeSpec = options.find((spec) => long(spec) === mode) as OptionSpec;
  const others = options.filter((spec) => spec !== modeSpec);

  it.each(others.map((spec) => [long(spec), spec] as const))(
    "accepts %s, or says that it makes no sense",
    async (name, spec) => {
      const faults = await faultsOf(args(modeSpec, spec));
      expect(faults.length === 0, JSON.stringify(faults)).toBe(accepted.includes(name));
    },
  );

  it("takes only output formats that it has", async () => {
    const both = await faultsOf([...words(modeSpec), "--format", "csv"]);
    expect(both.length === 0).toBe(mode === "--each");
  });
});

it("a command line shows all its faults at once, and exits with 64", async () => {
  const { code, stderr } = await runCli([
    ...["replay", "none.csv", "--top", "x", "--limit", "0"],
    ...["--features", "--sweep", "a=1", "--each"],
  ]);
  expect(code).toBe(64);
  for (const option of ["--top", "--limit", "--features", "--each"]) {
    expect(stderr).toContain(`error: ${option} `);
  }
});
