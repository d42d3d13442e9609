import { readFile } from "node:fs/promises";
import { IotmonError } from "../../../core/errors.ts";
import type { Device } from "./find-devices.ts";

/** Usual group of serial ports on Debian and related systems. */
const USUAL_GROUP = "dialout";

/** The error for a port without permission, with what grants it: the group of the device, if one may use it. */
export async function permissionError({ path, realPath, group }: Device): Promise<IotmonError> {
  const hint = group === null ? grantHint(realPath) : await joinHint(group);
  return new IotmonError("ERR_PERMISSION", "no permission to read the port", { at: path, hint });
}

async function joinHint(group: number): Promise<string> {
  const name = await groupName(group);
  return name === null
    ? `The port belongs to the group ${group}, which has no name here: add the program to it ` +
        `(a container: --group-add ${group}; a service: SupplementaryGroups=${group})`
    : `Run: sudo usermod -aG ${name} $USER, then log out and in again (a service: SupplementaryGroups=${name})`;
}

function grantHint(port: string): string {
  return (
    `No group may use the port. Run: sudo chgrp ${USUAL_GROUP} ${port} && sudo chmod 660 ${port}, ` +
    "or let a udev rule do so each time it is plugged in"
  );
}

async function groupName(id: number): Promise<string | null> {
  const text = await readFile("/etc/group", "utf8").catch(() => "");
  for (const line of text.split("\n")) {
    const [name, , number] = line.split(":");
    if (number === String(id)) return name ?? null;
  }
  return null;
}
