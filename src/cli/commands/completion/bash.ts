import type { Completion } from "../../options/table.ts";
import { type DescribedCommand, flatten, quote } from "./describe.ts";

/**
 * A script for bash 3.2 and later. Bash completes paths by default; the script disables that where no path
 * belongs, as far as the bash version allows.
 */
export function bashCompletion(program: DescribedCommand): string {
  const all = flatten(program);
  const groups = all.filter(({ commands }) => commands.length > 0);
  return `# bash completion for iotmon: source <(iotmon completion bash)
_iotmon() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} at= word i words=
  COMPREPLY=()
  if [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  if [[ $cur == = ]]; then cur=; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "$at $word" in
${groups.flatMap(steps).join("\n")}
    esac
  done
  case "$at $prev" in
${all.flatMap(values).join("\n")}
  esac
  if [[ $cur == -* ]]; then
    case "$at" in
${all.map(options).join("\n")}
    esac
  else
    case "$at" in
${all.map(rest).join("\n")}
    esac
  fi
  compopt +o default 2>/dev/null
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _iotmon iotmon
`;
}

/** The path of a command, with a space before each name. */
function place({ path }: DescribedCommand): string {
  return path.map((name) => ` ${name}`).join("");
}

/** Cases that step from a group to its commands. */
function steps(group: DescribedCommand): string[] {
  return group.commands.map(
    (child) => `      ${quote(place(child))}) at=${quote(place(child))} ;;`,
  );
}

/** Cases that complete the value of an option. */
function values(command: DescribedCommand): string[] {
  return command.options.flatMap(({ long, short, value }) => {
    if (value === null) return [];
    const names = short === null ? [long] : [short, long];
    const pattern = names.map((name) => quote(`${place(command)} ${name}`)).join(" | ");
    return `    ${pattern}) ${offer(value)} ;;`;
  });
}

function offer(value: Completion): string {
  if (typeof value !== "string") {
    return `COMPREPLY=($(compgen -W ${quote(value.join(" "))} -- "$cur")); return`;
  }
  if (value === "nothing") return "compopt +o default 2>/dev/null; return";
  if (value === "file") return "return";
  return "compopt -o dirnames +o default 2>/dev/null; return";
}

function options(command: DescribedCommand): string {
  const names = command.options.flatMap(({ long, short }) =>
    short === null ? long : [short, long],
  );
  return `      ${quote(place(command))}) words=${quote(names.join(" "))} ;;`;
}

/** The case that completes commands or arguments. */
function rest(command: DescribedCommand): string {
  const value = command.argument?.value ?? "nothing";
  const names = command.commands.map(({ path }) => path.at(-1) ?? "");
  const words = typeof value === "string" ? names : value;
  const action = value === "file" ? "return" : `words=${quote(words.join(" "))}`;
  return `      ${quote(place(command))}) ${action} ;;`;
}
