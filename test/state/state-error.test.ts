import { expect, it } from "vitest";
import { stateError } from "../../src/state/state-error.ts";

it("knows a full disk by the code of the error", () => {
  const reasonOf = (cause: unknown) => stateError("it", "/path", cause).reason;
  const coded = (code: string) => Object.assign(new Error("write failed"), { code });
  expect(reasonOf(coded("ENOSPC"))).toBe("disk_full");
  expect(reasonOf(coded("EDQUOT"))).toBe("disk_full");
  expect(reasonOf(coded("EACCES"))).toBeUndefined();
});
