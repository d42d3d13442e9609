import type { SerialPort } from "serialport";
import { IotmonError } from "../../../core/errors.ts";

/** What is used of the package. */
export interface SerialPackage {
  readonly SerialPort: typeof SerialPort;
}

/**
 * Loads the package that opens ports. It is optional: not every machine needs it, or has a build of it.
 *
 * @param load How; only tests need another way.
 * @throws {IotmonError} `ERR_UNAVAILABLE` when it is not there or does not run here.
 */
export async function loadSerialport(
  load: () => Promise<SerialPackage> = () => import("serialport"),
): Promise<SerialPackage> {
  try {
    return await load();
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND";
    const why = isMissing ? "is not installed" : `can't be loaded: ${firstLine(cause)}`;
    throw new IotmonError(
      "ERR_UNAVAILABLE",
      `serial ports need the package serialport, which ${why}`,
      {
        hint: "Install it where iotmon is: npm install serialport@13, with -g if iotmon is installed so",
        cause,
      },
    );
  }
}

function firstLine(cause: unknown): string {
  return String(cause instanceof Error ? cause.message : cause).split("\n", 1)[0] ?? "";
}
