import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { folderWith, runCli, runProgram } from "../../support/run-cli.ts";

/** Names of commands in a help text. */
function commandsOf(help: string): string[] {
  const list = help.split("\nCommands:\n")[1]?.split("\n\n")[0] ?? "";
  return [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name = ""]) => name);
}

/** Long options in a help text. */
function optionsOf(help: string): string[] {
  return [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, name = ""]) => name);
}

describe("iotmon completion bash", () => {
  let cwd = "";

  /** What bash offers behind these words, sorted. */
  function offered(...words: string[]): string[] {
    const run = spawnSync(
      "bash",
      [
        "-c",
        `source ./script; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _iotmon; printf '%s\\n' "\${COMPREPLY[@]}"`,
        "bash",
        "iotmon",
        ...words,
      ],
      { encoding: "utf8", cwd },
    );
    expect(run.stderr).toBe("");
    return run.stdout
      .split("\n")
      .filter((line) => line !== "")
      .sort();
  }

  beforeAll(async () => {
    const { stdout } = await runCli(["completion", "bash"]);
    cwd = await folderWith({ "in.csv": "", script: stdout });
  });

  it("is registered for iotmon, with files where nothing else is offered", () => {
    const run = spawnSync("bash", ["-c", "source ./script; complete -p iotmon"], {
      encoding: "utf8",
      cwd,
    });
    expect([run.stdout, run.stderr]).toEqual(["complete -o default -F _iotmon iotmon\n", ""]);
  });

  it("offers the commands and options that help shows", async () => {
    const pages = [[], ["replay"], ["serve"], ["webhook"], ["webhook", "verify"], ["completion"]];
    for (const path of pages) {
      const help = (await runCli([...path, "--help"])).stdout;
      const commands = commandsOf(help).sort();
      if (commands.length > 0) expect(offered(...path, "")).toEqual(commands);
      const long = offered(...path, "--").filter((word) => word.startsWith("--"));
      expect(long, path.join(" ")).toEqual([...new Set(optionsOf(help))].sort());
    }
  });

  it("offers the choices of options and arguments", () => {
    expect(offered("replay", "--format", "js")).toEqual(["json", "jsonl"]);
    expect(offered("replay", "in.csv", "--format", "=", "")).toContain("csv");
    expect(offered("-q", "init", "--preset", "s")).toEqual(["sensor", "slow-drift"]);
    expect(offered("schema", "")).toEqual(["alert", "pipeline"]);
    expect(offered("help", "dead")).toEqual(["dead-letters"]);
  });

  it("leaves files to bash, and does not take a file for a command", () => {
    expect(offered("replay", "")).toEqual([]);
    expect(offered("replay", "-p", "")).toEqual([]);
    expect(offered("replay", "serve", "--du")).toEqual([]);
  });
});

describe("iotmon completion", () => {
  it.each(["bash", "zsh", "fish"])("lists every command for %s", async (shell) => {
    const { code, stdout, stderr } = await runProgram(["completion", shell]);
    expect([code, stderr]).toEqual([0, ""]);
    for (const name of commandsOf((await runCli(["--help"])).stdout))
      expect(stdout).toContain(name);
  });

  it("exits 64 for an unknown shell", async () => {
    const { code, stderr } = await runCli(["completion", "tcsh"]);
    expect(code).toBe(64);
    expect(stderr).toContain("Allowed choices are bash, zsh, fish.");
  });
});
