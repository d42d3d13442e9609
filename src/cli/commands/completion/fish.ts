import type { Completable, DescribedCommand } from "./describe.ts";
import { flatten } from "./flatten.ts";

/** A script for fish 3 and later. */
export function fishCompletion(program: DescribedCommand): string {
  return `# fish completion for iotmon: iotmon completion fish | source
# Whether the words so far, options left out, begin with these; with "only", whether they are no more.
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
  // options of the program itself are among those of every command
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
    ...command.args
      .slice(0, 1)
      .filter(({ value }) => value.kind !== "other")
      .map(({ value, repeats }) => `${at(!repeats)} ${offered(value)}`),
  ];
}

function offered(value: Completable): string {
  if (value.kind === "words") return `-f -a ${quoteFish(value.words.join(" "))}`;
  if (value.kind === "other") return "-f";
  return value.kind === "file" ? "-F" : "-f -a '(__fish_complete_directories)'";
}
