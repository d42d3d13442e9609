import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { folderWith, runCli } from "../support/run-cli.ts";

describe("completions in other shells (Debian packages zsh and fish)", () => {
  it("are offered by fish", async () => {
    const { stdout } = await runCli(["completion", "fish"]);
    const cwd = await folderWith({ "in.csv": "", "a b.csv": "", script: stdout });
    const offered = (line: string): string[] => {
      const command = `source ./script; complete -C '${line}'`;
      const run = spawnSync("fish", ["--no-config", "-c", command], {
        encoding: "utf8",
        cwd,
      });
      expect([run.error, run.stderr]).toEqual([undefined, ""]);
      return run.stdout.split("\n").flatMap((text) => text.split("\t")[0] || []);
    };
    expect(offered("iotmon re")).toEqual(["replay"]);
    expect(offered("iotmon replay --format ").sort()).toEqual(["csv", "json", "jsonl", "table"]);
    expect(offered("iotmon replay ").sort()).toEqual(["a b.csv", "in.csv", "script"]);
    expect(offered("iotmon -q init --preset s")).toEqual(["sensor", "slow-drift"]);
    expect(offered("iotmon webhook ")).toEqual(["help", "test", "verify"]);
    expect(offered("iotmon replay --limit ")).toEqual([]);
  });

  it("are accepted by zsh", async () => {
    const { stdout } = await runCli(["completion", "zsh"]);
    const cwd = await folderWith({ script: stdout });
    const command =
      "autoload -U compinit; compinit -u -D; source ./script; print $_comps[iotmon]; " +
      "typeset +fm '_iotmon*'";
    const run = spawnSync("zsh", ["-f", "-c", command], { encoding: "utf8", cwd });
    expect([run.error, run.stderr]).toEqual([undefined, ""]);
    const [completer, ...functions] = run.stdout.trim().split("\n");
    expect(completer).toBe("_iotmon");
    expect(functions).toEqual(
      expect.arrayContaining(["_iotmon_replay", "_iotmon_webhook_verify", "_iotmon_completion"]),
    );
  });
});
