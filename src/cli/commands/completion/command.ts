import { Argument, type Command } from "commander";
import type { CliContext } from "../../context.ts";
import type { CompletionShell } from "./completion.ts";

const SHELLS = ["bash", "zsh", "fish"] as const satisfies CompletionShell[];

/** Adds `iotmon completion` to the program. */
export function addCompletion(
  program: Command,
  context: CliContext,
  done: (exitCode: number) => void,
): void {
  program
    .command("completion")
    .summary("print a script that completes commands and options in a shell")
    .description(
      "Prints a script that completes commands, options, their values and files:\n" +
        "  source <(iotmon completion bash)     in ~/.bashrc\n" +
        "  source <(iotmon completion zsh)      in ~/.zshrc, after compinit\n" +
        "  iotmon completion fish | source      in ~/.config/fish/config.fish",
    )
    .addArgument(new Argument("<shell>", "your shell").choices(SHELLS))
    .action(async (shell: CompletionShell) => {
      const { runCompletion } = await import("./completion.ts");
      done(await runCompletion(shell, program, context));
    });
}
