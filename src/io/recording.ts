import type { Batch } from "../core/batch.ts";
import { recogniseSignature } from "./decoders/csv/sniff/other-formats.ts";
import type { DecodeContext, DecodeOptions } from "./decoders/decode-context.ts";
import type { InputProfile } from "./decoders/input-profile.ts";
import { isObjectArray } from "./decoders/jsonl/array-lines.ts";
import { isBootMessage } from "./decoders/lines/boot-message.ts";
import { likeliestFormat } from "./decoders/lines/detect-line-format.ts";
import { findNewFormat } from "./decoders/lines/find-new-format.ts";
import type { Revise } from "./decoders/lines/revision.ts";
import { decoderOf, decoders } from "./decoders/registry.ts";
import { decodeReshaped } from "./decoders/shape/decode-reshaped.ts";
import { rowsProfile } from "./decoders/shape/reshaper.ts";
import { sortedByTime } from "./decoders/shape/sorted-by-time.ts";
import {
  isSessionRecording,
  openSessionRecording,
  type SessionTimeline,
} from "./session-recording/open-session-recording.ts";
import type { Blocking } from "./sources/inputs/expand-inputs.ts";
import type { Head, Input } from "./sources/inputs/input.ts";

/** An input with its format and profile. */
export interface Recording {
  readonly input: Input;
  readonly profile: InputProfile;
  /** The header and timeline of a session recording; undefined for other inputs. */
  readonly session?: SessionTimeline | undefined;
  /** Yields its readings, once; unusable rows go to `context.reject`. */
  decode(context: DecodeContext): AsyncGenerator<Batch>;
}

/** Maximum number of lines, and of bytes, for the format detection. */
const TRIAL_LINES = 100;
const TRIAL_BYTES = 65_536;

const BOM = /^\ufeff/;
const OPENING_BRACE = "{".charCodeAt(0);

/**
 * Detects the format of an input and profiles its start.
 *
 * Always unpacks gzip and zip, and always recognises session recordings of `watch`.
 *
 * @param format One of `FORMAT_NAMES`, or `auto`.
 * @param blocking Runs the decision: about 1 ms for each column.
 * @throws {IotmonError} `ERR_DATA` if it has nothing usable, with what it has and what was expected; `ERR_IO` or
 * `ERR_PERMISSION` if it can't be read.
 */
export async function openRecording(
  input: Input,
  format: string,
  options: DecodeOptions,
  blocking: Blocking = (work) => work(),
): Promise<Recording> {
  const head = await input.peek();
  if (isSessionRecording(head)) return withDamage(openSessionRecording(input, head));
  const name = format === "auto" ? blocking(() => detectFormat(head)) : format;
  try {
    const decoder = decoderOf(name);
    if ("open" in decoder) return reshaped({ input, ...(await decoder.open(input, options)) });
    const profile = blocking(() =>
      decoder.profile(head.bytes, head.complete, input.label, options),
    );
    const decode = (context: DecodeContext): AsyncGenerator<Batch> => {
      const revise = revision(profile, format, options, context);
      return decoder.decode(input.read(), rowsProfile(profile), { ...context, revise });
    };
    return withDamage(reshaped({ input, profile, decode }));
  } catch (cause) {
    // the damage of the file matters more than a fault of the few unpacked bytes
    throw input.damage !== null && head.complete ? input.damage.error : cause;
  }
}

/** The format by the first bytes and lines; CSV by default. */
function detectFormat({ bytes, complete }: Head): string {
  for (const decoder of decoders) {
    if (!("magic" in decoder)) continue;
    const start = bytes.subarray(0, decoder.magic.length);
    if (Buffer.from(start).toString("latin1") === decoder.magic) return decoder.name;
  }
  // packed bytes may look like lines of some format; CSV names what they are
  if (recogniseSignature(bytes) !== null) return "csv";
  if (isObjectArray(bytes)) return "jsonl";
  const likeliest = likeliestFormat(firstLines(bytes, complete), true);
  if (likeliest !== null) return likeliest.name;
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const first = bytes.subarray(start).find((byte) => byte > 32);
  return first === OPENING_BRACE ? "jsonl" : "csv";
}

/** The first lines, without blank lines and boot messages. */
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

/** Decides anew how lines are read, once most of them are rejected; undefined: rows in long or wide format stay so. */
function revision(
  present: InputProfile,
  wanted: string,
  options: DecodeOptions,
  { layout, input, note }: DecodeContext,
): Revise | undefined {
  if (present.shape !== undefined) return undefined;
  return (lines, line) => {
    const about = { present, wanted, options, layout, input, arrivalMs: null };
    const found = findNewFormat({ lines, ...about });
    if (found === null) return null;
    note?.(`most lines up to line ${line} are rejected: ${found.text}`);
    return found.isAdopted ? found : null;
  };
}

/** Makes readings of rows in long or wide format. */
function reshaped(recording: Recording): Recording {
  const { profile, decode } = recording;
  if (profile.shape === undefined) return recording;
  const isSorted = profile.shape.pivot?.isSorted === true;
  return {
    ...recording,
    decode(context) {
      const readings = decodeReshaped(profile, context, decode);
      return isSorted ? sortedByTime(readings, context) : readings;
    },
  };
}

/** Rejects the damaged rest of an input at its end. */
function withDamage(recording: Recording): Recording {
  const { input } = recording;
  return {
    ...recording,
    async *decode(context) {
      yield* recording.decode(context);
      if (input.damage === null) return;
      const { line, container, error } = input.damage;
      const detail = `the rest is lost: ${error.message}`;
      const reason = `damaged ${container}`;
      context.reject({ input: input.label, line, reason, detail, text: "" });
    },
  };
}
