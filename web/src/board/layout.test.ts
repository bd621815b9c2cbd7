import { expect, test } from "vitest";
import { placeOf, pointOf, stepTo, ticksOf } from "./layout";

const START = Date.parse("2026-11-23T00:00:00+08:00");
const DAY = { start: START, end: START + 86_400_000 };
const period = (start: string, end: string | null) => ({
  start: `2026-11-${start}:00+08:00`,
  end: end && `2026-11-${end}:00+08:00`,
});

test("a bar stands where its hours are, whatever offset they are written in", () => {
  const noon = { left: 50, width: 12.5, before: false, after: false };
  expect(placeOf(period("23T12:00", "23T15:00"), DAY)).toEqual(noon);
  const utc = { start: "2026-11-23T04:00:00Z", end: "2026-11-23T07:00:00Z" };
  expect(placeOf(utc, DAY)).toEqual(noon);
});

test("what reaches over the window is cut and says so", () => {
  expect(placeOf(period("22T22:00", "23T06:00"), DAY)).toEqual({
    left: 0,
    width: 25,
    before: true,
    after: false,
  });
  const open = placeOf(period("23T18:00", null), DAY);
  expect(open).toEqual({ left: 75, width: 25, before: false, after: true });
});

test("what only touches the window is not on it", () => {
  expect(placeOf(period("22T20:00", "23T00:00"), DAY)).toBeNull();
  expect(placeOf(period("24T00:00", "24T01:00"), DAY)).toBeNull();
});

test("a minute is still seen, also the last one", () => {
  const last = placeOf(period("23T23:59", "24T00:00"), DAY);
  expect(last?.width).toBeGreaterThanOrEqual(0.4);
  expect((last?.left ?? 0) + (last?.width ?? 0)).toBeLessThanOrEqual(100);
});

test("now is a line within the window alone", () => {
  expect(pointOf(START + 21_600_000, DAY)).toBe(25);
  expect(pointOf(START - 1, DAY)).toBeNull();
  expect(pointOf(DAY.end, DAY)).toBeNull();
});

test("a day has hours and a week has days, both of Shanghai", () => {
  const hours = ticksOf(DAY);
  expect(hours.map((tick) => tick.label).slice(0, 3)).toEqual(["00:00", "02:00", "04:00"]);
  expect(hours).toHaveLength(12);
  const week = ticksOf({ start: START, end: START + 7 * 86_400_000 });
  expect(week.map((tick) => tick.label).slice(0, 2)).toEqual(["11-23", "11-24"]);
  expect(week).toHaveLength(7);
});

test("steps from row to row hold at the ends", () => {
  const ids = ["a", "b", "c"];
  expect(stepTo(ids, "a", 1)).toBe("b");
  expect(stepTo(ids, "c", 1)).toBe("c");
  expect(stepTo(ids, "a", -1)).toBe("a");
});
