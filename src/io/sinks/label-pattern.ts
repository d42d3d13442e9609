import { createRequire } from "node:module";
import type * as Re2 from "re2js";

/** Maximum number of characters of an expression. */
const MAX_SOURCE = 500;
/** Maximum size of the compiled program; a match takes at most its size times the length of the text. */
const MAX_PROGRAM = 1000;

const EXPRESSION = /^\/(.+)\/(i?)$/s;
const BACKREFERENCE = /(?<!\\)(?:\\\\)*\\[1-9k]/;
const LOOKAROUND = /^\(\?<?[=!]/;
const SYNTAX = "github.com/google/re2/wiki/Syntax lists what iotmon supports";

/** Why an expression cannot be used. */
export interface PatternFault {
  readonly message: string;
  readonly hint: string;
}

/**
 * A regular expression that matches anywhere in a label, in time linear in the length of the text, because clients
 * write expressions (RE2). Loads the engine at the first use.
 */
export class LabelPattern {
  /** As written: `/^pump-/i`. */
  readonly text: string;
  /** Private, so that patterns with the same text are deeply equal. */
  #compiled: Re2.RE2JS | PatternFault | undefined;

  private constructor(text: string) {
    this.text = text;
  }

  /** The pattern of a text between slashes; null for another text. */
  static of(text: string): LabelPattern | null {
    return EXPRESSION.test(text) ? new LabelPattern(text) : null;
  }

  /** Null if the pattern can be used. */
  get fault(): PatternFault | null {
    const compiled = this.#compile();
    return "message" in compiled ? compiled : null;
  }

  /** @throws {TypeError} If the pattern has a {@link fault}. */
  test(label: string): boolean {
    const compiled = this.#compile();
    if ("message" in compiled) throw new TypeError(compiled.message);
    return compiled.test(label);
  }

  #compile(): Re2.RE2JS | PatternFault {
    this.#compiled ??= compile(this.text);
    return this.#compiled;
  }
}

function compile(text: string): Re2.RE2JS | PatternFault {
  const [, source = "", flags = ""] = EXPRESSION.exec(text) ?? [];
  if (source.length > MAX_SOURCE) {
    const message = `must be an expression of at most ${MAX_SOURCE} characters`;
    return { message, hint: "Split it into a list of expressions" };
  }
  try {
    RegExp(source, "u");
  } catch {
    const message = "must be a regular expression between slashes";
    return { message, hint: "Write \\ before a character that has a special meaning" };
  }
  if (BACKREFERENCE.test(source)) return unsupported("backreferences (\\1)");
  const { RE2JS, RE2JSSyntaxException }: typeof Re2 = createRequire(import.meta.url)("re2js");
  try {
    const ignoreCase = flags === "i" ? RE2JS.CASE_INSENSITIVE : 0;
    const compiled = RE2JS.compile(RE2JS.translateRegExp(source), ignoreCase);
    if (compiled.programSize() <= MAX_PROGRAM) return compiled;
    const message = "repeats too much: its repeats make it too large";
    return { message, hint: "Use smaller numbers of repeats, or + and *" };
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    const input = error.input ?? "";
    if (LOOKAROUND.test(input))
      return unsupported("lookahead and lookbehind ((?=, (?!, (?<=, (?<!)");
    return { message: `must be an expression of RE2: ${error.error} ${input}`, hint: SYNTAX };
  }
}

function unsupported(what: string): PatternFault {
  return {
    message: `must not use ${what}, because matching them can take unlimited time`,
    hint: "Write the accepted values as a list, or as several expressions",
  };
}
