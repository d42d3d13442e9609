import { beforeAll, describe, expect, it } from "vitest";
import { recording } from "../../../support/recording.ts";
import { folderWith, runCli } from "../../../support/run-cli.ts";

const pipeline = (contamination: number, alerts: string): string => `version: 1
name: plant
buffer: { key: device }
detectors:
  - name: pump
    algorithm: ecod
    features: [temperature, pressure]
    contamination: ${contamination}
    warmup_period: 100
alerts: { cooldown: 0s, ${alerts} }
`;
const shape = { rows: 3000, jumps: [500, 900, 1300, 1700, 2300, 2700] };
let folder = "";

beforeAll(async () => {
  folder = await folderWith({
    "plant.csv": recording({ ...shape, labelled: true }),
    "bare.csv": recording(shape),
    "now.yaml": pipeline(0.01, "for: 1"),
    "strict.yaml": pipeline(0.002, "for: 1"),
    "loud.yaml": pipeline(0.01, "for: 1, severity: { warning: 0.55, critical: 0.6 }"),
    "slow.yaml": pipeline(0.2, "for: 1"),
  });
});

const replay = (...args: string[]) => runCli(["replay", ...args], { cwd: folder });
const compare = (other: string, ...args: string[]) =>
  replay("plant.csv", "-q", "-p", "now.yaml", "--compare", other, ...args);
const alertsOf = async (file: string) =>
  JSON.parse((await replay("plant.csv", "-q", "-p", file, "--format", "json")).stdout);

describe("iotmon replay --compare", () => {
  it("finds no difference between a pipeline and itself", async () => {
    const { code, stdout } = await compare(
      "now.yaml",
      "--fail-on",
      "gained > 0",
      "--fail-on",
      "lost > 0",
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^0 alerts gained · 0 lost · 0 moved · 0 changed in severity · \d+ the same$/m,
    );
    expect(stdout).not.toContain("CHANGE");
  });

  it("counts every alert of both pipelines once", async () => {
    const { stdout } = await compare("slow.yaml", "--format", "json");
    const { comparison, first, second } = JSON.parse(stdout);
    const [now, slow] = await Promise.all([alertsOf("now.yaml"), alertsOf("slow.yaml")]);
    expect(first).toEqual({ file: "now.yaml", ...now, episodes: first.episodes });
    expect(second).toEqual({ file: "slow.yaml", ...slow, episodes: second.episodes });
    const count = ({ alerts }: { alerts: Record<string, number> }) =>
      Object.values(alerts).reduce((sum, n) => sum + n, 0);
    const { gained, lost, same, changes } = comparison;
    const pairs = changes.filter(
      (change: { first: unknown; second: unknown }) => change.first && change.second,
    ).length;
    expect(gained + same + pairs).toBe(count(second));
    expect(lost + same + pairs).toBe(count(first));
    expect(gained).toBeGreaterThan(0);
    expect(changes.map(({ change }: { change: string }) => change)).toContain("moved");
  });

  it("shows lost alerts and changed severities side by side, and fails on them", async () => {
    const [strict, loud] = await Promise.all([
      compare("strict.yaml", "--fail-on", "lost > 0", "--fail-on", "gained > 0"),
      compare("loud.yaml", "--fail-on", "critical > 2"),
    ]);
    expect(strict.code).toBe(1);
    expect(strict.stderr).toMatch(/^failed: lost > 0 \(lost: \d+\)\n$/);
    expect(strict.stdout).toMatch(
      /^PIPELINE +DETECTOR +ALERTS +ALARM RATE +EVENT F1 +FOUND +FALSE +DELAY$/m,
    );
    expect(strict.stdout).toMatch(/^strict\.yaml +pump +\d+ +0\.\d+ % +\d\.\d{3} +\d+ of 12 /m);
    expect(strict.stdout).toMatch(
      /^lost +pump-\d +pump +2024-03-0\d \d\d:\d\d:\d\d \w+ \d\.\d{3} +–$/m,
    );
    expect(loud.code).toBe(1);
    expect(loud.stdout).toMatch(
      /^changed +pump-\d +pump +(2024-03-0\d \d\d:\d\d:\d\d) (info|warning) (\d\.\d{3}) +\1 critical \3$/m,
    );
  });

  it("rejects options that do not apply", async () => {
    const [stdin, alone, twice, missing, unlabelled] = await Promise.all([
      replay("-", "-q", "--compare", "now.yaml"),
      replay("plant.csv", "-q", "--fail-on", "gained > 0"),
      compare("strict.yaml", "--scores", "x.csv", "--format", "jsonl"),
      compare("none.yaml"),
      replay(..."bare.csv -q -p now.yaml --compare strict.yaml --fail-on".split(" "), "missed > 0"),
    ]);
    expect([stdin, alone, twice, missing, unlabelled].map(({ code }) => code)).toEqual([
      64, 64, 64, 66, 64,
    ]);
    expect(stdin.stderr).toContain("--compare reads the recording twice");
    expect(alone.stderr).toContain("Add --compare <pipeline>");
    expect(twice.stderr).toContain(
      "--scores can't be used with --compare: --compare runs two replays",
    );
    expect(twice.stderr).toContain("--format jsonl can't be used with --compare");
    expect(missing.stderr).toContain("the pipeline file does not exist\n  at none.yaml");
    expect(unlabelled.stderr).toContain("--fail-on missed needs labels");
  });
});
