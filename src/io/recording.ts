import type { Batch } from "../core/batch.ts";
import type { DecodeContext, DecodeOptions, InputProfile } from "./decoders/decoder.ts";
import { isBootMessage } from "./decoders/lines/boot-message.ts";
import { likeliestFormat } from "./decoders/lines/detect-line-format.ts";
import { decoderOf, decoders } from "./decoders/registry.ts";
import {
  isSessionRecording,
  openSessionRecording,
  type SessionTimeline,
} from "./session-recording/open-session-recording.ts";
import type { Head, Input } from "./sources/inputs/input.ts";

/** An input whose format is known and that was looked at. */
export interface Recording {
  readonly input: Input;
  readonly profile: InputProfile;
  /** What a recording of `watch` has beside readings; left out: it is none. */
  readonly session?: SessionTimeline | undefined;
  /** Its readings, once; rows that can't be used go to `context.reject`. */
  decode(context: DecodeContext): AsyncGenerator<Batch>;
}

/** Lines that decide on the format, and bytes of them. */
const TRIAL_LINES = 100;
const TRIAL_BYTES = 65_536;

const BOM = /^\ufeff/;
const OPENING_BRACE = "{".charCodeAt(0);

/**
 * Finds out the format of an input and looks at its start.
 *
 * @param format One of `FORMAT_NAMES`, or `auto`. Gzip is unpacked whatever the format, and what
 * `watch` recorded is recognised: the format of a pipeline is that of the lines in it.
 * @throws {IotmonError} `ERR_DATA` when nothing usable is in it: what was seen, what was expected; `ERR_IO`
 * or `ERR_PERMISSION` when it can't be read.
 */
export async function openRecording(
  input: Input,
  format: string,
  options: DecodeOptions,
): Promise<Recording> {
  const head = await input.peek();
  if (isSessionRecording(head)) return withDamage(openSessionRecording(input, head));
  const name = format === "auto" ? detectFormat(head) : format;
  try {
    const decoder = decoderOf(name);
    if ("open" in decoder) return { input, ...(await decoder.open(input, options)) };
    const profile = decoder.profile(head.bytes, head.complete, input.label, options);
    const decode = (context: DecodeContext): AsyncGenerator<Batch> =>
      decoder.decode(input.read(), profile, context);
    return withDamage({ input, profile, decode });
  } catch (cause) {
    // what is wrong with the little that could be unpacked matters less than that it could not
    throw input.damage !== null && head.complete ? input.damage.error : cause;
  }
}

/** The format that the first bytes and lines speak for; CSV when nothing else does. */
function detectFormat({ bytes, complete }: Head): string {
  for (const decoder of decoders) {
    if (!("magic" in decoder)) continue;
    const start = bytes.subarray(0, decoder.magic.length);
    if (Buffer.from(start).toString("latin1") === decoder.magic) return decoder.name;
  }
  const likeliest = likeliestFormat(firstLines(bytes, complete), true);
  if (likeliest !== null) return likeliest.name;
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const first = bytes.subarray(start).find((byte) => byte > 32);
  return first === OPENING_BRACE ? "jsonl" : "csv";
}

/** The first lines that are neither blank nor what a board prints when it starts. */
function firstLines(bytes: Uint8Array, complete: boolean): readonly string[] {
  const head = Buffer.from(bytes.subarray(0, TRIAL_BYTES));
  const lines = head
    .toString()
    .replace(BOM, "")
    .split(/\r?\n|\r/, TRIAL_LINES + 1);
  const whole = complete && bytes.length <= TRIAL_BYTES;
  if (!whole || lines.length > TRIAL_LINES) lines.pop();
  return lines.filter((line) => line.trim() !== "" && !isBootMessage(line));
}

/** Tells at the end where the input is damaged. */
function withDamage(recording: Recording): Recording {
  const { input } = recording;
  return {
    ...recording,
    async *decode(context) {
      yield* recording.decode(context);
      if (input.damage === null) return;
      const { line, error } = input.damage;
      const detail = `the rest is lost: ${error.message}`;
      context.reject({ input: input.label, line, reason: "damaged gzip", detail, text: "" });
    },
  };
}
