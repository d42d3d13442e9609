import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { permissionError } from "../../../../src/io/sources/serial/permission.ts";

const PORT = "/dev/serial/by-id/usb-x";
const device = {
  path: PORT,
  realPath: "/dev/ttyUSB7",
  identity: "",
  isTerminal: true,
  isPermitted: false,
};

const hintFor = async (group: number | null) => (await permissionError({ ...device, group })).hint;

it("the hint for a port names the group of the device", async () => {
  const text = await readFile("/etc/group", "utf8");
  const [name, , id] = text.trim().split("\n").at(-1)?.split(":") ?? [];
  expect(await hintFor(Number(id))).toContain(`sudo usermod -aG ${name} $USER`);
});

it("the hint for a port of a group without a name has its number", async () => {
  expect(await hintFor(4_123_456)).toContain("SupplementaryGroups=4123456");
});

it("the hint for a port that no group may use does not tell to join one", async () => {
  const hint = await hintFor(null);
  expect(hint).toContain("sudo chgrp dialout /dev/ttyUSB7");
  expect(hint).not.toContain("usermod");
});
