import { expect, test } from "vitest";
import { nearestWithin, withoutOverlap } from "./picking";

const POINTS = [
  { x: 10, y: 10 },
  { x: 20, y: 10 },
  { x: 200, y: 200 },
];

test("the nearest vehicle is picked, not the first in reach", () => {
  expect(nearestWithin(POINTS, { x: 18, y: 10 }, 14)).toBe(1);
});

test("a click on empty road picks nothing", () => {
  expect(nearestWithin(POINTS, { x: 100, y: 100 }, 14)).toBe(-1);
});

test("of two labels on one another the first stands", () => {
  expect(withoutOverlap(POINTS, { width: 60, height: 16 })).toEqual([0, 2]);
});
