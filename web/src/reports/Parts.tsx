import type { Explained } from "../api/types";

const PARTS = ["ordered_m", "service_m", "filed_m", "unexplained_m"] as const;

/** How the driven kilometres divide, as one bar; the figures beside it say the same. */
export function Parts({ of }: { of: Explained }) {
  return (
    <span className="parts" aria-hidden="true">
      {PARTS.filter((part) => of[part] > 0).map((part) => (
        <span key={part} className={part} style={{ flexGrow: of[part] }} />
      ))}
    </span>
  );
}
