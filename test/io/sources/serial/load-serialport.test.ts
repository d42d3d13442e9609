import { describe, expect, it } from "vitest";
import { loadSerialport } from "../../../../src/io/sources/serial/load-serialport.ts";

describe("loadSerialport", () => {
  it("loads the package", async () => {
    expect(typeof (await loadSerialport()).SerialPort).toBe("function");
  });

  it("says how to install it where it is absent", async () => {
    const missing = "serialport-that-is-not-there";
    const loading = loadSerialport(() => import(missing));
    await expect(loading).rejects.toMatchObject({
      code: "ERR_UNAVAILABLE",
      hint: expect.stringContaining("npm install serialport"),
    });
  });

  it("says why it can't be loaded where it has no build", async () => {
    const failing = (): Promise<never> =>
      Promise.reject(new Error("No native build was found\nfor"));
    await expect(loadSerialport(failing)).rejects.toMatchObject({
      code: "ERR_UNAVAILABLE",
      message: expect.stringContaining("can't be loaded: No native build was found"),
    });
  });
});
