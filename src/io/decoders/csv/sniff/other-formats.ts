/** A format other than CSV, and how to proceed. */
export interface OtherFormat {
  readonly what: string;
  readonly hint: string;
}

const SIGNATURES: readonly (readonly [bytes: readonly number[], OtherFormat])[] = [
  [
    [0x1f, 0x8b],
    {
      what: "the input is gzip-compressed twice",
      hint: "Unpack it: gunzip -c FILE | iotmon replay -",
    },
  ],
  [
    [0x28, 0xb5, 0x2f, 0xfd],
    { what: "the input is zstd-compressed", hint: "Unpack it: zstdcat FILE | iotmon replay -" },
  ],
  [
    [0x50, 0x4b, 0x03, 0x04],
    {
      what: "the input is a ZIP archive or a spreadsheet",
      hint: "Unpack it: unzip -p FILE | iotmon replay -. Save a sheet as CSV",
    },
  ],
  [
    [0x50, 0x41, 0x52, 0x31],
    {
      what: "the input is Parquet",
      hint: "Expected CSV; --input-format auto takes other formats too",
    },
  ],
];

/** Share of control bytes above which an input is binary. */
const BINARY_SHARE = 0.1;

/** Recognises compressed files and spreadsheets by their first bytes. */
export function recogniseSignature(head: Uint8Array): OtherFormat | null {
  const [, found = null] =
    SIGNATURES.find(([bytes]) => bytes.every((byte, i) => head[i] === byte)) ?? [];
  return found;
}

/** Recognises frequent mistakes: compressed files, spreadsheets, JSON, binary data. */
export function recogniseOtherFormat(head: Uint8Array): OtherFormat | null {
  const packed = recogniseSignature(head);
  if (packed !== null) return packed;
  const text = recogniseText(Buffer.from(head.subarray(0, 512)).toString("latin1").trimStart());
  if (text !== null) return text;
  const start = head.subarray(0, 65_536);
  let control = 0;
  for (let i = 0; i < start.length; i++) {
    const byte = start[i] as number;
    if (byte < 9 || (byte > 13 && byte < 32)) control += 1;
  }
  return control > start.length * BINARY_SHARE
    ? { what: "the input is binary", hint: "Expected CSV: lines of text" }
    : null;
}

/** Recognises JSON and metrics by their first characters. */
function recogniseText(start: string): OtherFormat | null {
  if (/^(?:\{|\[\s*\{)/.test(start)) {
    return {
      what: "the input looks like JSON",
      hint: "Expected CSV; --input-format auto takes other formats too",
    };
  }
  if (/^\[\s*\[/.test(start)) {
    return {
      what: "the input is a JSON array of arrays",
      hint: "Give a line to each object: jq -c '.[][]' FILE",
    };
  }
  if (start.startsWith("[")) {
    return {
      what: "the input is a JSON array",
      hint: "Give a line to each element: jq -c '.[]' FILE",
    };
  }
  if (/^# (?:HELP|TYPE) \w/.test(start)) {
    return {
      what: "the input has the text format of Prometheus",
      hint:
        "Turn it into line protocol: grep -v '^#' FILE | " +
        String.raw`sed -E 's/="([^"]*)"/=\1/g; s/^([^{ ]+)\{(.*)\} +([^ ]+) +([0-9]+)$/\1,\2 value=\3 \4000000/'`,
    };
  }
  return null;
}
