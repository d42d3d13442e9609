import type { DecodeOptions, InputProfile } from "../../io/decoders/decoder.ts";
import { parseLine, visitFields } from "../../io/decoders/jsonl/fields.ts";
import { type JsonlProfile, profileJsonl } from "../../io/decoders/jsonl/profile.ts";
import type { LineFormat } from "../../io/decoders/line-format.ts";
import { type Cell, RowReader } from "../../io/decoders/row-reader.ts";

const jsonl: LineFormat = {
  name: "jsonl",
  summary: "",
  profile(lines, input, options) {
    try {
      return profileJsonl(Buffer.from(lines.join("\n")), true, input, options);
    } catch {
      return null;
    }
  },
  reader(profile, context) {
    const rows = new RowReader(
      { columns: profile.columns, header: null, decimalMark: 46 },
      { ...context, startMs: 0, source: 0, reject: () => {} },
    );
    const { fields } = profile as JsonlProfile;
    const places = new Map(fields.map((field, i) => [field, i]));
    return {
      read(text, number, _arrivalMs, batch) {
        if (text.trim() === "") return "none";
        const parsed = parseLine(text);
        if ("fault" in parsed) return parsed.fault;
        const cells: Cell[] = fields.map(() => "");
        visitFields(parsed.object, (name, cell) => {
          const at = places.get(name);
          if (at !== undefined) cells[at] = cell;
        });
        const fault = rows.read(cells, number, batch);
        if (fault !== null) return fault;
        batch.length += 1;
        return "row";
      },
    };
  },
};

const lineFormats: Readonly<Record<string, LineFormat>> = { jsonl };

/**
 * How lines are written.
 *
 * @param wanted Name of a format; `auto`: whichever they look like.
 * @returns Null when they are written in no known way, or not in that one.
 */
export function detectFormat(
  lines: readonly string[],
  input: string,
  wanted: string,
  options: DecodeOptions,
): InputProfile | null {
  for (const format of Object.values(lineFormats)) {
    if (wanted !== "auto" && wanted !== format.name) continue;
    const profile = format.profile(lines, input, options);
    if (profile !== null) return profile;
  }
  return null;
}

/** The format of lines with this profile. */
export function lineFormatOf({ format }: InputProfile): LineFormat {
  const found = lineFormats[format];
  if (found === undefined) throw new RangeError(`There is no line format ${format}`);
  return found;
}
