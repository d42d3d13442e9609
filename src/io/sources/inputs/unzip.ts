import { crc32 } from "node:zlib";
import type { Entry, ZipFile } from "yauzl";
import { IotmonError } from "../../../core/errors.ts";

/** Bytes that show a zip file. */
export const ZIP_BYTES = 4;

/** What macOS adds to an archive. */
const BESIDE = /^__MACOSX\/|(?:^|\/)\.DS_Store$/;
/** The file with which a spreadsheet or another document begins, which is a zip file itself. */
const DOCUMENT = /^(?:\[Content_Types\]\.xml|mimetype)$/;
const MAX_SHOWN = 3;

/** The one file in a zip file. */
export interface ZippedFile {
  /** Unpacked bytes, by what the archive says. */
  readonly size: number;
  /**
   * Unpacks it, and closes the archive. Memory does not depend on its size.
   *
   * @throws {IotmonError} `ERR_DATA` at a damaged place, after the bytes before it.
   */
  read(): AsyncGenerator<Buffer>;
}

/** Whether these are the first bytes of a zip file, also of an empty one. */
export function isZip(start: Uint8Array): boolean {
  const [p, k, third, fourth] = start;
  return (
    p === 0x50 && k === 0x4b && ((third === 3 && fourth === 4) || (third === 5 && fourth === 6))
  );
}

/**
 * Opens the one file in a zip file.
 *
 * @returns Null: it is a document, such as a spreadsheet.
 * @throws {IotmonError} `ERR_DATA` if it has no file or several, or can't be unpacked.
 */
export async function openZip(path: string): Promise<ZippedFile | null> {
  const { openPromise } = await import("yauzl");
  const archive = await openPromise(path, { lazyEntries: true, autoClose: false }).catch(damaged);
  try {
    const files: Entry[] = [];
    for await (const entry of archive.eachEntry()) {
      if (DOCUMENT.test(entry.fileName)) {
        archive.close();
        return null;
      }
      if (!entry.fileName.endsWith("/") && !BESIDE.test(entry.fileName)) files.push(entry);
    }
    const [file] = files;
    if (file === undefined || files.length > 1) throw notOne(files);
    if (file.isEncrypted()) throw locked();
    if (!file.canDecodeFileData()) throw unknownMethod(file);
    return { size: file.uncompressedSize, read: () => unpack(archive, file) };
  } catch (cause) {
    archive.close();
    return damaged(cause);
  }
}

async function* unpack(archive: ZipFile, file: Entry): AsyncGenerator<Buffer> {
  try {
    let sum = 0;
    for await (const chunk of await archive.openReadStreamPromise(file)) {
      sum = crc32(chunk, sum);
      yield chunk;
    }
    if (sum !== file.crc32) damaged(new Error("its checksum is wrong"));
  } catch (cause) {
    damaged(cause);
  } finally {
    archive.close();
  }
}

function notOne(files: readonly Entry[]): IotmonError {
  if (files.length === 0) return new IotmonError("ERR_DATA", "the zip file has no file in it");
  const names = files.slice(0, MAX_SHOWN).map(({ fileName }) => fileName);
  const shown = `${names.join(", ")}${files.length > MAX_SHOWN ? " ..." : ""}`;
  return new IotmonError("ERR_DATA", `the zip file has ${files.length} files in it: ${shown}`, {
    hint: `Unpack it with unzip and name the files, or take one: unzip -p FILE '${names[0]}' | iotmon replay -`,
  });
}

function locked(): IotmonError {
  return new IotmonError("ERR_DATA", "the zip file is encrypted", {
    hint: "Unpack it with its password: unzip FILE",
  });
}

function unknownMethod({ compressionMethod }: Entry): IotmonError {
  const what = `the zip file is compressed with method ${compressionMethod}; iotmon knows 0 and 8`;
  return new IotmonError("ERR_DATA", what, { hint: "Unpack it: unzip -p FILE | iotmon replay -" });
}

/** @throws {IotmonError} `ERR_DATA` for a fault of the archive; errors of iotmon pass. */
function damaged(cause: unknown): never {
  if (cause instanceof IotmonError) throw cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  throw new IotmonError("ERR_DATA", `the zip file is damaged: ${why}`, {
    hint: "Copy it again, or check it with unzip -t",
    cause,
  });
}
