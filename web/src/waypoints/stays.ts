/** The places at which a ride calls on its way, as they are filled in and as the API wants them. */
import type { Place, StayWaypoint } from "../api/types";

/** One place, not chosen yet while null; `key` tells it from the others wherever it moves. */
export interface Stay {
  key: number;
  place: Place | null;
  minutes: string;
}

export const MOST_STAYS = 8;
export const MOST_MINUTES = 1_440;
const USUAL_MINUTES = "10";

/** One more place at the end, with a key of its own. */
export const withOneMore = (stays: readonly Stay[]): Stay[] => [
  ...stays,
  {
    key: Math.max(0, ...stays.map((stay) => stay.key)) + 1,
    place: null,
    minutes: USUAL_MINUTES,
  },
];

/** The same places with one of them moved by a step; as they are at an end. */
export function moved(stays: readonly Stay[], at: number, by: -1 | 1): Stay[] {
  const [one, other] = [stays[at], stays[at + by]];
  if (!one || !other) return [...stays];
  return stays.map((stay, n) => (n === at ? other : n === at + by ? one : stay));
}

/** The chosen places in their order, as the API wants them. */
export const sentStays = (stays: readonly Stay[]): StayWaypoint[] =>
  stays.flatMap(({ place, minutes }) =>
    place
      ? [
          {
            name: place.name,
            latitude: place.latitude,
            longitude: place.longitude,
            stay_minutes: Math.round(Number(minutes)),
          },
        ]
      : [],
  );
