import type { SerialPort } from "serialport";
import { IotmonError } from "../../../core/errors.ts";

/** The used part of the package. */
export interface SerialPackage {
  readonly SerialPort: typeof SerialPort;
}

/**
 * Loads the package that opens ports. It is optional: some machines do not need it, or have no build of it.
 *
 * @param load Imports the package; tests replace it.
 * @throws {IotmonError} `ERR_UNAVAILABLE` if the package is missing or does not run here.
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
        hint: "Install it beside iotmon: npm install serialport@13 (with -g if iotmon was installed with -g)",
        cause,
      },
    );
  }
}

function firstLine(cause: unknown): string {
  return String(cause instanceof Error ? cause.message : cause).split("\n", 1)[0] ?? "";
}
