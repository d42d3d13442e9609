import { z } from "zod";
import { byteSize, text } from "../../setting-values.ts";
import { sinkType } from "../sink-type.ts";

const MIN_SIZE = 4096;

/** Adds messages to a JSON Lines file. */
export const file = sinkType({
  type: "file",
  title: "the file",
  gets: "JSON Lines, one write per message",
  use: "archives, log shippers",
  fields: {
    path: text.describe("JSON Lines file to which messages are appended."),
    max_size: byteSize
      .refine((bytes) => bytes >= MIN_SIZE, { error: "must be at least 4KiB" })
      .prefault("16MiB")
      .describe("Size at which the file becomes `<path>.1` and a new file starts; at least 4KiB."),
    keep: z
      .int()
      .min(1)
      .max(1000)
      .default(4)
      .describe("Number of rotated files to keep, 1 to 1000."),
  },
  secrets: {},
  target: "file",
  async create({ name, path, max_size: maxBytes, keep }, context) {
    const { FileSink } = await import("./file-sink.ts");
    return new FileSink({ name, path: context.filePath("path", path), maxBytes, keep });
  },
});
