import type { Approach } from "../api/types";

/** Whole minutes until the vehicle is there, rounded up so that nobody comes too late; null where unknown. */
export function minutesLeft({
  phase,
  arrival,
}: Pick<Approach, "phase" | "arrival">): number | null {
  if (phase !== "approaching" || !arrival) return null;
  return Math.ceil(arrival.seconds / 60);
}

/** The steps that a passenger waits through, and how far they have come. */
export const STAGES = ["assigned", "accepted", "departed", "here"] as const;
export type Stage = (typeof STAGES)[number];

/** Where in `STAGES` an approach stands. */
export function stageOf({ phase, state }: Pick<Approach, "phase" | "state">): Stage {
  if (phase === "here" || phase === "under_way") return "here";
  return state === "departed" ? "departed" : state === "accepted" ? "accepted" : "assigned";
}
