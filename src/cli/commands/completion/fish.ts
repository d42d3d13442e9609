import type { Completion } from "../../options/table.ts";
import { type DescribedCommand, flatten } from "./describe.ts";

/** A script for fish 3 and later. */
export function fishCompletion(program: DescribedCommand): string {
  return `# fish completion for iotmon: iotmon completion fish | source
# Whether the words so far, without options, begin with these words; with "only": are exactly these words.
function __iotmon_at
    set -l words (commandline -opc | string match -v -- '-*')[2..]
    set -l wanted $argv
    set -l only no
    if test "$argv[1]" = only
        set only yes
        set wanted $argv[2..]
    end
    test $only = yes; and test (count $words) -ne (count $wanted); and return 1
    for i in (seq (count $wanted))
        test "$words[$i]" = "$wanted[$i]"; or return 1
    end
end
complete -c iotmon -f
${flatten(program).flatMap(lines).join("\n")}
`;
}

function quoteFish(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

function lines(command: DescribedCommand): string[] {
  const at = (only: boolean): string => {
    const condition = ["__iotmon_at", ...(only ? ["only"] : []), ...command.path].join(" ");
    return `complete -c iotmon -n ${quoteFish(condition)}`;
  };
  // the options of the program are listed with every command
  const isProgram = command.path.length === 0;
  return [
    ...command.commands.map(
      ({ path, description }) =>
        `${at(true)} -a ${quoteFish(path.at(-1) ?? "")} -d ${quoteFish(description)}`,
    ),
    ...command.options.map(({ long, short, description, value }) =>
      [
        at(isProgram),
        ...(short === null ? [] : [`-s ${short.slice(1)}`]),
        `-l ${long.slice(2)}`,
        ...(value === null ? [] : [`-r ${offered(value)}`]),
        `-d ${quoteFish(description)}`,
      ].join(" "),
    ),
    ...[command.argument ?? []]
      .flat()
      .filter(({ value }) => value !== "nothing")
      .map(({ value, repeats }) => `${at(!repeats)} ${offered(value)}`),
  ];
}

function offered(value: Completion): string {
  if (typeof value !== "string") return `-f -a ${quoteFish(value.join(" "))}`;
  if (value === "nothing") return "-f";
  return value === "file" ? "-F" : "-f -a '(__fish_complete_directories)'";
}
