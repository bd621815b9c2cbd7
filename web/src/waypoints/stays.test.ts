import { expect, test } from "vitest";
import { moved, type Stay, sentStays, withOneMore } from "./stays";

const at = (name: string, key: number, minutes = "10"): Stay => ({
  key,
  minutes,
  place: { name, latitude: 40, longitude: 110 },
});
const three = [at("a", 1), at("b", 2), at("c", 3)];
const names = (stays: Stay[]) => stays.map((stay) => stay.place?.name).join("");

test("a place moves by one step and stays where it is at an end", () => {
  expect(names(moved(three, 1, -1))).toBe("bac");
  expect(names(moved(three, 1, 1))).toBe("acb");
  expect(names(moved(three, 0, -1))).toBe("abc");
  expect(names(moved(three, 2, 1))).toBe("abc");
});

test("a further place has a key that none before it has", () => {
  const after = withOneMore([at("b", 7), at("a", 2)]);
  expect(after.map((stay) => stay.key)).toEqual([7, 2, 8]);
  expect(withOneMore([])).toEqual([{ key: 1, place: null, minutes: "10" }]);
});

test("what is sent are the chosen places in order, with whole minutes", () => {
  expect(sentStays([at("b", 2, "0"), ...withOneMore([at("a", 1, "25")])])).toEqual([
    { name: "b", latitude: 40, longitude: 110, stay_minutes: 0 },
    { name: "a", latitude: 40, longitude: 110, stay_minutes: 25 },
  ]);
});
