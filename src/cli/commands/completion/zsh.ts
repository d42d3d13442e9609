import type { Completion } from "../../options/table.ts";
import { type DescribedCommand, type DescribedOption, flatten, quote } from "./describe.ts";

/** A script for zsh, to be sourced after \`compinit\`, or saved as \`_iotmon\` in a folder of \`fpath\`. */
export function zshCompletion(program: DescribedCommand): string {
  return `#compdef iotmon
# zsh completion for iotmon: source <(iotmon completion zsh)
${flatten(program).map(toFunction).join("\n")}
if [[ $funcstack[1] == _iotmon ]]; then
  _iotmon "$@"
else
  compdef _iotmon iotmon
fi
`;
}

function functionName(path: readonly string[]): string {
  return ["_iotmon", ...path].join("_");
}

function toFunction(command: DescribedCommand): string {
  const isGroup = command.commands.length > 0;
  const rest = isGroup
    ? ["'1:command:->command'", "'*::argument:->argument'"]
    : argumentSpecs(command);
  const specs = [...command.options.map(optionSpec), ...rest];
  const lines = [
    `${functionName(command.path)}() {`,
    ...(isGroup ? ["  local curcontext=$curcontext state line", "  typeset -A opt_args"] : []),
    `  _arguments ${isGroup ? "-C " : ""}-S ${specs.map((spec) => `\\\n    ${spec}`).join(" ")}`,
    ...(isGroup ? dispatch(command) : []),
    "}",
  ];
  return lines.join("\n");
}

function dispatch({ commands }: DescribedCommand): string[] {
  const names = commands.map(({ path, description }) =>
    quote(`${(path.at(-1) ?? "").replaceAll(":", "\\:")}:${description}`),
  );
  return [
    "  case $state in",
    "    command)",
    `      local -a commands=(${names.map((name) => `\n        ${name}`).join("")}`,
    "      )",
    "      _describe -t commands command commands ;;",
    "    argument)",
    "      case $line[1] in",
    ...commands.map(({ path }) => `        ${path.at(-1)}) ${functionName(path)} ;;`),
    "      esac ;;",
    "  esac",
  ];
}

function optionSpec({ long, short, description, value, repeats }: DescribedOption): string {
  const help = `[${description.replace(/[[\]\\]/g, "\\$&")}]`;
  const taken = value === null ? "" : `:value:${action(value)}`;
  const names = short === null ? [long] : [short, long];
  const spec = (name: string): string => {
    const other = repeats ? "*" : `(${names.join(" ")})`;
    return quote(`${other}${name}${help}${taken}`);
  };
  return names.map(spec).join(" ");
}

function argumentSpecs({ argument }: DescribedCommand): string[] {
  if (argument === null) return [];
  return [quote(`${argument.repeats ? "*:" : "1:"}argument:${action(argument.value)}`)];
}

function action(value: Completion): string {
  if (typeof value !== "string") return `(${value.join(" ")})`;
  if (value === "nothing") return " ";
  return value === "file" ? "_files" : "_files -/";
}
