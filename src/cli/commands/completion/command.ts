import { defineCommand } from "../../options/table.ts";
import type { CompletionShell } from "./completion.ts";

const SHELLS = ["bash", "zsh", "fish"] as const satisfies readonly CompletionShell[];

/** `iotmon completion`. */
export const completionCommand = defineCommand({
  name: "completion",
  summary: "print a script that completes commands and options in a shell",
  description:
    "Prints a script that completes commands, options, their values and files:\n" +
    "  source <(iotmon completion bash)     in ~/.bashrc\n" +
    "  source <(iotmon completion zsh)      in ~/.zshrc, after compinit\n" +
    "  iotmon completion fish | source      in ~/.config/fish/config.fish",
  argument: { name: "<shell>", help: "your shell", completion: SHELLS },
  options: async () => ({}),
  async run([shell], _options, context, commands) {
    const { runCompletion } = await import("./completion.ts");
    return runCompletion(shell as CompletionShell, commands, context);
  },
});
