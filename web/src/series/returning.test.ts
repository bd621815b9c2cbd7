import { describe, expect, test } from "vitest";
import type { NewRequest } from "../api/types";
import { callOffOf, newReturning, promisedOf, sentReturning, seriesOf, toCome } from "./returning";
import type { SeriesRide } from "./types";

// 23:30 in Shanghai, still the day before in UTC.
const NOW = Date.parse("2026-11-23T15:30:00Z");
const ride = (changes: Partial<SeriesRide>): SeriesRide => ({
  day: "2026-11-24",
  period: { start: "2026-11-24T00:00:00Z", end: "2026-11-24T02:00:00Z" },
  request_id: "r",
  state: "awaiting_dispatch",
  revision: 3,
  awaits_promise: false,
  reservation: null,
  alternatives: null,
  day_off: null,
  ...changes,
});

describe("what is asked for", () => {
  test("begins tomorrow by Shanghai's calendar", () => {
    const { first_day, last_day } = newReturning(NOW);
    expect([first_day, last_day]).toEqual(["2026-11-24", "2026-12-21"]);
  });

  test("names weekdays for a weekly ride only, and days off for none on working days", () => {
    const filled = { ...newReturning(NOW), weekdays: [1, 3], days_off_too: true };
    expect(sentReturning(filled)).toMatchObject({ weekdays: [], days_off_too: false });
    const weekly = sentReturning({ ...filled, repeats: "weekly" });
    expect(weekly).toMatchObject({ weekdays: [1, 3], days_off_too: true });
    expect(sentReturning({ ...filled, repeats: "daily" }).weekdays).toEqual([]);
  });

  test("has no single start or end", () => {
    const request = { start: "s", end: "e", draft: false, passengers: 2 } as unknown as NewRequest;
    const wish = seriesOf(request, newReturning(NOW));
    expect(Object.keys(wish)).not.toEqual(expect.arrayContaining(["start"]));
    expect(wish).toMatchObject({ passengers: 2, repeats: "workdays", start_time: "08:00" });
  });
});

describe("a ride of a series", () => {
  test("is waiting, promised, refused, or none of these", () => {
    expect(promisedOf(ride({ awaits_promise: true }))).toBe("waiting");
    expect(promisedOf(ride({ reservation: "bound" }))).toBe("held");
    expect(promisedOf(ride({ reservation: "refused" }))).toBe("refused");
    expect(promisedOf(ride({ reservation: "released" }))).toBe("none");
  });

  test("is withdrawn before it has a vehicle, cancelled after, and left alone once it is out", () => {
    expect(callOffOf(ride({}))).toBe("withdraw");
    expect(callOffOf(ride({ state: "accepted" }))).toBe("cancel");
    for (const state of ["departed", "withdrawn", "archived"] as const)
      expect(callOffOf(ride({ state }))).toBeNull();
    expect(callOffOf(ride({ request_id: null, state: null }))).toBeNull();
  });

  test("is to come until it has ended", () => {
    const over = ride({ period: { start: "2026-11-22T00:00:00Z", end: "2026-11-22T02:00:00Z" } });
    expect(toCome([over, ride({})], NOW)).toEqual([ride({})]);
  });
});
