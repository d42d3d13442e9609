/**
 * A part of a timestamp, by its letter in a format.
 *
 * `Y` year, `y` year of two digits, `m` month, `b` month name, `d` day, `j` day of the year, `H` hour, `I` hour of a
 * 12-hour clock, `M` minute, `S` second, `f` digits of a fraction, `p` AM or PM, `a` day of the week, `z` zone.
 */
export type Field =
  | "Y"
  | "y"
  | "m"
  | "b"
  | "d"
  | "j"
  | "H"
  | "I"
  | "M"
  | "S"
  | "f"
  | "p"
  | "a"
  | "z";

/** A part of a format: a field, or text between fields. A blank in the text stands for any blanks. */
export type Token = { readonly field: Field } | { readonly text: string };

/** Why a text is not a format, and the one that is probably meant. */
export interface FormatFault {
  readonly fault: string;
  readonly hint: string;
}

const FIELDS = new Set<string>("YymbdjHIMSfpaz");

/** Letters that mean the same as others, or a sequence of them. */
const ALIASES: Readonly<Record<string, string>> = {
  ...{ B: "%b", h: "%b", A: "%a", Z: "%z", e: "%d", k: "%H", l: "%I", L: "%f", N: "%f", P: "%p" },
  ...{ T: "%H:%M:%S", R: "%H:%M", F: "%Y-%m-%d", D: "%m/%d/%y" },
};

const LETTERS =
  "%Y %y year, %m month, %b month name, %d day, %j day of the year, %H hour, %I hour of 12, %M minute, " +
  "%S second, %f fraction, %p AM/PM, %a weekday, %z zone";

/** Words of formats in other languages, longest first: `dd/MM/yyyy HH:mm`. */
const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [/yyyy|YYYY/g, "%Y"],
  [/yy|YY/g, "%y"],
  [/MMMM|MMM/g, "%b"],
  [/MM?/g, "%m"],
  [/dd?|DD?/g, "%d"],
  [/HH?/g, "%H"],
  [/hh?/g, "%I"],
  [/mm?/g, "%M"],
  [/ss?/g, "%S"],
  [/SSS|fff|f+/g, "%f"],
  [/tt|a/g, "%p"],
  [/XXX|ZZ?|zzz/g, "%z"],
];

/**
 * Parses a format such as `%d/%m/%Y %H:%M:%S`. Its letters are those of strptime.
 *
 * @returns Fields and texts in order; neighbouring texts are joined.
 */
export function parseFormat(format: string): readonly Token[] | FormatFault {
  const tokens: Token[] = [];
  let text = "";
  const flush = (): void => {
    if (text !== "") tokens.push({ text });
    text = "";
  };
  const expanded = format.replace(/%([A-Za-z])/g, (whole, letter) => ALIASES[letter] ?? whole);
  for (let i = 0; i < expanded.length; i++) {
    const letter = expanded[i + 1] ?? "";
    if (expanded[i] !== "%") text += expanded[i];
    else if (letter === "%") {
      text += "%";
      i += 1;
    } else if (FIELDS.has(letter)) {
      flush();
      tokens.push({ field: letter as Field });
      i += 1;
    } else return { fault: `unknown letter %${letter}`, hint: `Letters are: ${LETTERS}` };
  }
  flush();
  return faultOf(format, tokens) ?? tokens;
}

function faultOf(format: string, tokens: readonly Token[]): FormatFault | null {
  const fields = tokens.flatMap((token) => ("field" in token ? [token.field] : []));
  if (fields.length === 0) return { fault: "no field such as %Y", hint: hintFor(format) };
  const repeated = fields.find((field, i) => fields.indexOf(field) < i);
  const has = (...some: Field[]): boolean => some.some((field) => fields.includes(field));
  const hint = `Letters are: ${LETTERS}`;
  if (repeated !== undefined) return { fault: `%${repeated} occurs twice`, hint };
  if (has("Y") && has("y")) return { fault: "%Y and %y are both the year", hint };
  if (has("m") && has("b")) return { fault: "%m and %b are both the month", hint };
  if (has("H") && has("I")) return { fault: "%H and %I are both the hour", hint };
  if (has("I") !== has("p")) return { fault: "%I and %p belong together", hint };
  if (has("m", "b", "d", "j") && !has("Y", "y")) return { fault: "no year: %Y or %y", hint };
  if (!has("Y", "y", "H", "I", "M", "S")) return { fault: "neither a date nor a time", hint };
  return has("d") && !has("m", "b") ? { fault: "a day without a month: %m or %b", hint } : null;
}

/** The same format in the letters of strptime, if it is written in those of Java, .NET or moment. */
function hintFor(format: string): string {
  const found: string[] = [];
  let marked = format.replaceAll("'", "");
  for (const [word, letter] of FOREIGN) {
    marked = marked.replace(
      word,
      () => `\0${String.fromCharCode(0xe000 + found.push(letter) - 1)}`,
    );
  }
  const meant = marked.replace(/\0(.)/g, (_, mark) => found[mark.charCodeAt(0) - 0xe000] ?? "");
  const isMeant = found.length > 1 && Array.isArray(parseFormat(meant));
  return isMeant ? `Did you mean "${meant}"?` : `Letters are: ${LETTERS}`;
}
