import fc from "fast-check";
import { expect, it } from "vitest";
import { hashOf, placeOf } from "../../../../src/http/page/client/place.ts";

it("finds the place of an address again, with any names", () => {
  const name = fc.string({ unit: "grapheme" });
  fc.assert(
    fc.property(fc.record({ buffer: name, sensor: name }), (place) => {
      expect(placeOf(hashOf(place))).toEqual(place);
    }),
  );
});

it.each(["", "#", "#sensor", "#/%zz/%"])("reads no place from %j", (hash) => {
  expect(placeOf(hash)).toEqual({ buffer: "", sensor: "" });
});
