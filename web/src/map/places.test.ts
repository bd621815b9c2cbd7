import { expect, test } from "vitest";
import { readPlace, spellPlace } from "./places";

test("a place is read as it was spelt", () => {
  const place = { latitude: 43.3, longitude: -114.60001 };
  expect(readPlace(spellPlace(place))).toEqual(place);
});

test("what is no place on earth is none", () => {
  for (const text of ["", "43.3", "91.0,10.0", "43.3,181.0", "43.3,x", "NaN,NaN"]) {
    expect(readPlace(text)).toBeNull();
  }
});
