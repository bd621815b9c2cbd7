import { read } from "../api/client";
import type { Page, RideRequest } from "../api/types";

const DAY_MS = 86_400_000;
/** While a ride of a series has a vehicle, it is followed and confirmed as every other. */
const SERVED = [
  "assigned",
  "accepted",
  "departed",
  "arrived",
  "returning",
  "returned",
  "confirming",
];

/** The person's own requests but for rides of series, as a list reads them. */
export const OWN = { mine: true, in_series: false, limit: 50 };

/** The person's rides of series that are due; a series' others stand with it. */
export async function readDue(): Promise<RideRequest[]> {
  const served = SERVED.map((state) => `state=${state}`).join("&");
  const rides = await read<Page<RideRequest>>(
    `/requests?in_series=true&mine=true&limit=200&${served}`,
  );
  return due(rides.items, Date.now());
}

/** The rides that begin within a day or have begun, the earliest first. */
export const due = (rides: readonly RideRequest[], now_ms: number): RideRequest[] =>
  rides
    .filter((ride) => Date.parse(ride.period.start) < now_ms + DAY_MS)
    .sort((a, b) => Date.parse(a.period.start) - Date.parse(b.period.start));
