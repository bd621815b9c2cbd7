import { lazy, Suspense } from "react";
import type { StayWaypoint } from "../api/types";

const WaypointLine = lazy(() => import("../waypoints/WaypointLine"));

/** By which places a ride goes; nothing where it goes straight. */
export function Waypoints({ of }: { of: readonly StayWaypoint[] | undefined }) {
  return <Suspense>{of?.[0] && <WaypointLine waypoints={of} />}</Suspense>;
}
