import type { NewRequest } from "../api/types";
import type { OtherTime, Series } from "./types";

/** The same ride as those of a series, once and at another time. */
export const requestAt = (series: Series, time: OtherTime): NewRequest => ({
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
  // Its places were accepted when the series was asked for.
  outside_map: true,
  start: time.start,
  end: time.end,
  draft: false,
});
