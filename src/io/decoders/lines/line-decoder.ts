import { IotmonError } from "../../../core/errors.ts";
import type { Decoder } from "../decoder.ts";
import type { InputProfile } from "../input-profile.ts";
import { decodeLines, isReadable, readerOf } from "./decode-lines.ts";
import type { LineFormat } from "./line-format.ts";
import { LineSplitter } from "./line-splitter.ts";

const MAX_SAMPLE_LINES = 5000;

/** A line format, and its descriptions for docs and errors. */
interface LineFacts<Profile extends InputProfile, Name extends string> extends LineFormat<Profile> {
  readonly name: Name;
  readonly summary: string;
  /** Example of an input, for errors. */
  readonly expected: string;
}

/** Makes a decoder of recordings from a line format. Memory does not depend on the length of an input. */
export function lineDecoder<Profile extends InputProfile, const Name extends string>(
  format: LineFacts<Profile, Name>,
): Decoder<Profile, Name> {
  const { name, summary, expected } = format;
  return {
    name,
    summary,
    inputs: "files, pipes",
    lines: format,
    profile(head, complete, input, options) {
      const splitter = new LineSplitter();
      const lines = splitter.push(head);
      if (complete) lines.push(...splitter.finish());
      const texts = lines.filter(isReadable).map(({ text }) => text);
      const profile = format.profile(texts.slice(0, MAX_SAMPLE_LINES), input, options);
      if (profile !== null) return profile;
      const what = head.length === 0 ? "the input is empty" : "no line has a number under a name";
      throw new IotmonError("ERR_DATA", what, { at: input, hint: expected });
    },
    decode(chunks, profile, context) {
      return decodeLines(chunks, readerOf({ format, profile }, context), context);
    },
  };
}
