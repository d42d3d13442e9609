import { z } from "zod";
import { duration, text } from "../../setting-values.ts";
import { sourceType } from "../source-type.ts";

/** A port that reopens more often has no time to send. */
const MIN_STALE_MS = 1000;
/** Matches paths of ports. */
const DEVICE = /^\/dev\/(tty|serial\/|pts\/|cu\.|rfcomm)/;

/** Serial ports. */
export const serial = sourceType({
  type: "serial",
  fields: {
    path: text.describe("Device, its stable name or a glob, e.g. /dev/serial/by-id/usb-Arduino*."),
    baud: z
      .union([z.int().min(50).max(4_000_000), z.literal("auto")], {
        error: "must be a number from 50 to 4000000, or auto",
      })
      .default(115_200)
      .describe(
        "Bits per second, 50 to 4000000; `auto` tries the common rates until lines are readable.",
      ),
    rtscts: z.boolean().default(false).describe("Whether to use hardware flow control (RTS/CTS)."),
    stale_after: duration
      .refine((ms) => ms >= MIN_STALE_MS, { error: "must be 1s or longer" })
      .optional()
      .describe(
        "Reopens a port that has been silent for this long, which resets many boards; 1s or longer.",
      ),
  },
  names: ({ path }) => [path],
  isNamed: (name) => DEVICE.test(name),
  isRecorded: false,
  async open(name, settings, context) {
    const { SerialSource } = await import("./serial-source.ts");
    const { rtscts = false, stale_after: staleMs = null } = settings ?? {};
    const baud = context.baud ?? settings?.baud ?? "auto";
    return new SerialSource({ path: name, baud, rtscts, staleMs }, context.cwd);
  },
});
