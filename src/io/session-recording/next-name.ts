import { open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { constants, gunzipSync } from "node:zlib";
import { isGzip } from "../sources/inputs/gunzip.ts";
import { RECORDING_START } from "./entries.ts";

const HEAD_BYTES = 65_536;

/**
 * The first free name for a session recording: `kiln.jsonl.gz`, `kiln.2.jsonl.gz`, `kiln.3.jsonl.gz` ...
 * Only session recordings are skipped. The name of any other file is returned, and creating it fails.
 */
export async function nextName(path: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? path : numbered(path, number);
    if (!(await isRecordingAt(name))) return name;
  }
}

function numbered(path: string, number: number): string {
  const name = basename(path);
  const dot = name.indexOf(".", 1);
  const end = dot < 0 ? name.length : dot;
  const changed = `${name.slice(0, end)}.${number}${name.slice(end)}`;
  return join(dirname(path), changed);
}

/** Whether a file is a session recording; a crash or a full disk may have truncated even its first bytes. */
async function isRecordingAt(path: string): Promise<boolean> {
  const file = await open(path).catch(() => null);
  if (file === null) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    const text = isGzip(head) ? gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH }) : head;
    const start = text.subarray(0, RECORDING_START.length).toString();
    return RECORDING_START.startsWith(start);
  } catch {
    return false;
  } finally {
    await file.close();
  }
}
