/** When a ride returns, as it is filled in; and what the API wants to hear of it. */
import type { NewRequest } from "../api/types";
import { dayOf } from "../time/format";
import type { NewSeries, Series, SeriesRide } from "./types";

export type Repeats = NewSeries["repeats"];

export const REPEATS: readonly Repeats[] = ["workdays", "weekly", "daily"];
/** Monday to Sunday, as the API counts them. */
export const WEEKDAYS: readonly number[] = [1, 2, 3, 4, 5, 6, 7];
/** The last day lies at most so many days ahead. */
export const MOST_DAYS = 180;

/** Days and times of day are those of Shanghai, as native inputs hold them. */
export interface Returning {
  repeats: Repeats;
  weekdays: number[];
  days_off_too: boolean;
  first_day: string;
  last_day: string;
  start_time: string;
  end_time: string;
}

const DAY_MS = 86_400_000;

/** The Shanghai day that lies so many days after an instant. */
export const dayAfter = (now_ms: number, days: number): string => dayOf(now_ms + days * DAY_MS);

/** What is offered first: each working morning of the coming four weeks. */
export const newReturning = (now_ms: number): Returning => ({
  repeats: "workdays",
  weekdays: [],
  days_off_too: false,
  first_day: dayAfter(now_ms, 1),
  last_day: dayAfter(now_ms, 28),
  start_time: "08:00",
  end_time: "10:00",
});

/** When a series that was asked for returns. */
export const returningOf = (series: Series): Returning => ({
  repeats: series.repeats,
  weekdays: series.weekdays,
  days_off_too: series.days_off_too,
  first_day: series.first_day,
  last_day: series.last_day,
  start_time: series.start_time,
  end_time: series.end_time,
});

/** Only weekly rides fall on named weekdays, and only such of every week can be on days off. */
export const sentReturning = (returning: Returning): Returning => ({
  ...returning,
  weekdays: returning.repeats === "weekly" ? returning.weekdays : [],
  days_off_too: returning.repeats !== "workdays" && returning.days_off_too,
});

/** The series that a single ride becomes when it returns. */
export function seriesOf(request: NewRequest, returning: Returning): NewSeries {
  const { start: _start, end: _end, draft: _draft, ...ride } = request;
  return { ...ride, ...sentReturning(returning), at_most: MOST_DAYS };
}

/** A series as it stands, to be written anew with other days or hours. */
export const rewritten = (series: Series, returning: Returning): NewSeries => ({
  passenger_id: series.passenger.id,
  passengers: series.passengers,
  purpose: series.purpose,
  purpose_text: series.purpose_text,
  category: series.category,
  origin: series.origin,
  destination: series.destination,
  waypoints: series.waypoints,
  round_trip: series.round_trip,
  may_share: series.may_share,
  // Its places were accepted when it was asked for.
  outside_map: true,
  ...sentReturning(returning),
  at_most: series.at_most,
});

/** What became of a ride's promise, in one word. */
export type Promised = "waiting" | "held" | "refused" | "none";

export function promisedOf(ride: SeriesRide): Promised {
  if (ride.awaits_promise) return "waiting";
  if (ride.reservation === "held" || ride.reservation === "bound") return "held";
  return ride.reservation === "refused" ? "refused" : "none";
}

const OPEN = new Set(["awaiting_dispatch", "assigned", "accepted"]);

/** Whether a ride can still be called off by whoever asked for it, and by which step. */
export function callOffOf(ride: SeriesRide): "withdraw" | "cancel" | null {
  if (!ride.request_id || !ride.state || !OPEN.has(ride.state)) return null;
  return ride.state === "awaiting_dispatch" ? "withdraw" : "cancel";
}

/** The rides that have not ended yet. */
export const toCome = (rides: readonly SeriesRide[], now_ms: number): SeriesRide[] =>
  rides.filter((ride) => Date.parse(ride.period.end ?? ride.period.start) > now_ms);
