import type { StayWaypoint } from "../api/types";
import { useWords } from "./words";

/** By which places a ride goes, in order, and how long it stays at each. */
export default function WaypointLine({ waypoints }: { waypoints: readonly StayWaypoint[] }) {
  const say = useWords();
  const called = waypoints.map(({ name, stay_minutes: n = 0 }) =>
    n > 0 ? say("staying", { name, n }) : name,
  );
  return (
    <small>
      {say("by")} {called.join(" → ")}
    </small>
  );
}
