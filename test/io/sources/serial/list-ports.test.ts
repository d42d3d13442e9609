import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listPorts, type PortPlaces } from "../../../../src/io/sources/serial/list-ports.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

/** A machine with these devices; real devices that are everywhere stand for the ports. */
async function machine(devices: Readonly<Record<string, string>>): Promise<PortPlaces> {
  const folder = await tempFolder();
  const places = { dev: join(folder, "dev"), sys: join(folder, "sys") };
  await mkdir(places.dev);
  for (const [name, target] of Object.entries(devices))
    await symlink(target, join(places.dev, name));
  return places;
}

describe("listPorts", () => {
  it("lists only ports, by number, without udev", async () => {
    const places = await machine({
      ttyUSB10: "/dev/null",
      ttyUSB2: "/dev/zero",
      ttyACM0: "/dev/full",
      tty1: "/dev/null",
      random: "/dev/null",
      ttyUSB3: "/nothing/there",
    });
    const ports = await listPorts(places);
    expect(ports.map(({ device }) => device)).toEqual(
      ["ttyACM0", "ttyUSB2", "ttyUSB10"].map((name) => join(places.dev, name)),
    );
    expect(ports[1]).toMatchObject({
      name: join(places.dev, "ttyUSB2"),
      permitted: true,
      description: "",
    });
  });

  it("adds the stable name if there is one", async () => {
    const places = await machine({ ttyUSB0: "/dev/null", ttyUSB1: "/dev/zero" });
    const stable = join(places.dev, "serial", "by-id");
    await mkdir(stable, { recursive: true });
    await symlink("../../ttyUSB1", join(stable, "usb-Arduino_Uno-if00"));
    const ports = await listPorts(places);
    expect(ports.map(({ name }) => name)).toEqual([
      join(places.dev, "ttyUSB0"),
      join(stable, "usb-Arduino_Uno-if00"),
    ]);
  });

  it("adds the description of a USB device", async () => {
    const places = await machine({ ttyACM0: "/dev/null" });
    const usb = join(places.sys, "devices", "usb1", "1-1");
    await mkdir(join(usb, "1-1:1.0"), { recursive: true });
    await writeFile(join(usb, "manufacturer"), "Arduino LLC\n");
    await writeFile(join(usb, "product"), "Uno\n");
    await mkdir(join(places.sys, "class", "tty", "ttyACM0"), { recursive: true });
    await symlink(join(usb, "1-1:1.0"), join(places.sys, "class", "tty", "ttyACM0", "device"));
    expect((await listPorts(places))[0]?.description).toBe("Arduino LLC Uno");
  });

  it("leaves out a ttyS without hardware", async () => {
    const places = await machine({ ttyS0: "/dev/null", ttyS1: "/dev/zero" });
    for (const [name, type] of [
      ["ttyS0", "4\n"],
      ["ttyS1", "0\n"],
    ] as const) {
      await mkdir(join(places.sys, "class", "tty", name), { recursive: true });
      await writeFile(join(places.sys, "class", "tty", name, "type"), type);
    }
    expect((await listPorts(places)).map(({ device }) => device)).toEqual([
      join(places.dev, "ttyS0"),
    ]);
  });

  it("finds no port on a system without ports", async () => {
    expect(await listPorts({ dev: "/nothing", sys: "/nothing" })).toEqual([]);
  });
});
