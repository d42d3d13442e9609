import { readdir, readFile, realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import { findDevices } from "./find-devices.ts";

/** Names of serial ports. `ttyS` devices exist even without hardware. */
const PORT = /^(tty(USB|ACM|AMA|S|GS|O|mxc|THS|SC|PS|AP|XRUSB)\d+|rfcomm\d+|cu\..+)$/;
/** Content of `type` in `/sys` for a `ttyS` without hardware. */
const NO_HARDWARE = "0";

/** A serial port of this machine. */
export interface PortInfo {
  /** The name to use: the stable name if there is one. */
  readonly name: string;
  readonly device: string;
  /** Manufacturer and product as the device reports them; may be empty. */
  readonly description: string;
  /** Whether this user may read the port. */
  readonly permitted: boolean;
}

/** Folders of the machine with facts about ports. */
export interface PortPlaces {
  readonly dev: string;
  readonly sys: string;
}

/**
 * Lists serial ports by device. Works without udev: then it gives device names instead of stable names.
 */
export async function listPorts(
  places: PortPlaces = { dev: "/dev", sys: "/sys" },
): Promise<PortInfo[]> {
  const { dev } = places;
  const stable = await stableNames(join(dev, "serial", "by-id"));
  const names = (await readdir(dev).catch(() => [])).filter((name) => PORT.test(name));
  const ports = await Promise.all(
    names.sort(byNumber).map((name) => describe(name, stable, places)),
  );
  return ports.filter((port) => port !== null);
}

async function describe(
  name: string,
  stable: ReadonlyMap<string, string>,
  { dev, sys }: PortPlaces,
): Promise<PortInfo | null> {
  const tty = join(sys, "class", "tty", name);
  const uart = await readFile(join(tty, "type"), "utf8").catch(() => "");
  if (/^ttyS\d/.test(name) && uart.trim() === NO_HARDWARE) return null;
  const [device] = await findDevices(join(dev, name));
  if (device === undefined) return null;
  return {
    name: stable.get(device.realPath) ?? device.path,
    device: device.path,
    description: await usbDescription(tty),
    permitted: device.isPermitted,
  };
}

/** Stable names by device; empty without udev. */
async function stableNames(folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const name of (await readdir(folder).catch(() => [])).sort()) {
    const path = join(folder, name);
    const target = await realpath(path).catch(() => null);
    if (target !== null && !found.has(target)) found.set(target, path);
  }
  return found;
}

/** Reads the description of the USB device from the folders above the terminal. */
async function usbDescription(tty: string): Promise<string> {
  let folder = await realpath(join(tty, "device")).catch(() => null);
  for (let levels = 0; folder !== null && levels < 4; levels++, folder = join(folder, "..")) {
    const parts = await Promise.all(
      ["manufacturer", "product"].map((name) =>
        readFile(join(folder ?? "", name), "utf8").catch(() => ""),
      ),
    );
    const text = parts.map((part) => part.trim()).filter((part) => part !== "");
    if (text.length > 0) return text.join(" ");
  }
  return "";
}

/** `ttyUSB2` before `ttyUSB10`. */
function byNumber(a: string, b: string): number {
  return basename(a).localeCompare(basename(b), "en", { numeric: true });
}
