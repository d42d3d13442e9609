import { readFile } from "node:fs/promises";
import { IotmonError } from "../../../core/errors.ts";
import type { Device } from "./find-devices.ts";

/** Group of serial ports on Debian and related systems. */
const USUAL_GROUP = "dialout";

/** The error for a port without permission, with the command that grants it. */
export async function permissionError({ path, group }: Device): Promise<IotmonError> {
  const name = (group === null ? null : await groupName(group)) ?? USUAL_GROUP;
  return new IotmonError("ERR_PERMISSION", "no permission to read the port", {
    at: path,
    hint: `Run: sudo usermod -aG ${name} $USER, then log out and in again (a service: SupplementaryGroups=${name})`,
  });
}

async function groupName(id: number): Promise<string | null> {
  const text = await readFile("/etc/group", "utf8").catch(() => "");
  for (const line of text.split("\n")) {
    const [name, , number] = line.split(":");
    if (number === String(id)) return name ?? null;
  }
  return null;
}
