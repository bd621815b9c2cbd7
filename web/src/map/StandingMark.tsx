import type { Standing } from "../live/messages";
import { LOOKS } from "./looks";

/** The same shape that the vehicle has on the map. */
export function StandingMark({ standing }: { standing: Standing }) {
  const { colour } = LOOKS[standing];
  return (
    <svg className="standing-mark" width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
      {standing === "on_order" && <path d="M0-6 5 5 0 2.4-5 5z" fill={colour} />}
      {standing === "without_order" && <path d="M0-6.4 4.6 0 0 4.8-4.6 0z" fill={colour} />}
      {standing === "available" && <circle r="4.2" fill={colour} />}
      {standing === "silent" && (
        <circle r="3.8" fill="none" stroke={colour} strokeWidth="2" strokeDasharray="3 1.6" />
      )}
    </svg>
  );
}
