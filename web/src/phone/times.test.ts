import { expect, test } from "vitest";
import { keptStart, startAt, startOf } from "./times";

const MORNING = Date.parse("2026-11-22T09:02:00+08:00");
const EVENING = Date.parse("2026-11-22T20:00:00+08:00");

const iso = (at: number | null) => at && new Date(at).toISOString();

test("at once means the next five minutes that leave time to submit", () => {
  expect(iso(startOf("now", MORNING))).toBe("2026-11-22T01:10:00.000Z");
});

test("this afternoon is two o'clock in Shanghai, wherever the phone is", () => {
  expect(iso(startOf("afternoon", MORNING))).toBe("2026-11-22T06:00:00.000Z");
});

test("an afternoon that is over is not offered", () => {
  expect(startOf("afternoon", EVENING)).toBeNull();
});

test("tomorrow is tomorrow in Shanghai", () => {
  const late = Date.parse("2026-11-22T23:30:00+08:00");
  expect(iso(startOf("tomorrow", late))).toBe("2026-11-23T01:00:00.000Z");
});

test("what was chosen is sent, however long the form stays open", () => {
  const midnight = Date.parse("2026-11-22T23:59:00+08:00");
  const { start = "" } = keptStart("tomorrow", midnight);
  expect(start).toBe("2026-11-23T09:00");
  expect(iso(startAt("tomorrow", start, midnight + 120_000))).toBe("2026-11-23T01:00:00.000Z");
  const chosen = keptStart("afternoon", MORNING).start ?? "";
  expect(iso(startAt("afternoon", chosen, EVENING))).toBe("2026-11-22T06:00:00.000Z");
});

test("times from now on follow the clock, and another time is as written", () => {
  expect(keptStart("now", MORNING)).toEqual({});
  expect(startAt("now", "2026-11-22T15:00", EVENING)).toBe(startOf("now", EVENING));
  expect(iso(startAt("other", "2026-11-22T15:00", EVENING))).toBe("2026-11-22T07:00:00.000Z");
});
