import { describe, expect, it } from "vitest";
import { loadSerialport } from "../../../../src/io/sources/serial/load-serialport.ts";

describe("loadSerialport", () => {
  it("loads the package", async () => {
    expect(typeof (await loadSerialport()).SerialPort).toBe("function");
  });

  it("says how to install the package if it is missing", async () => {
    const missing = "serialport-that-is-not-there";
    const loading = loadSerialport(() => import(missing));
    await expect(loading).rejects.toMatchObject({
      code: "ERR_UNAVAILABLE",
      hint: expect.stringContaining("npm install serialport"),
    });
  });

  it("says why the package can't be loaded without a build", async () => {
    const failing = (): Promise<never> =>
      Promise.reject(new Error("No native build was found\nfor"));
    await expect(loadSerialport(failing)).rejects.toMatchObject({
      code: "ERR_UNAVAILABLE",
      message: expect.stringContaining("can't be loaded: No native build was found"),
    });
  });
});
