import type { LiveVehicle } from "../api/types";

/** What the server says on `/ws/live`. */
export type LiveMessage =
  | { type: "snapshot"; seq: number; at: string; vehicles: LiveVehicle[] }
  | { type: "update"; seq: number; at: string; vehicles: LiveVehicle[]; gone: string[] }
  | { type: "behind"; seconds: number }
  | { type: "alive" };

/** How a vehicle is shown: colour and shape both say it. */
export type Standing = "available" | "on_order" | "without_order" | "silent";

export const STANDINGS: readonly Standing[] = [
  "on_order",
  "without_order",
  "available",
  "silent",
] as const;

/** A fix older than this is dimmed; older than `HOLLOW_S` it is no present position at all. */
export const DIM_S = 60;
export const HOLLOW_S = 300;

/** Whether the last fix should make one doubt; parked terminals speak seldom, and that is normal. */
export const isStale = (vehicle: LiveVehicle, age_s: number): boolean =>
  vehicle.state !== "standing" && age_s > DIM_S;

/** The standing of a vehicle; `age_s` is the age of its last fix in seconds. */
export function standingOf(vehicle: LiveVehicle, age_s: number): Standing {
  if (vehicle.state === "silent") return "silent";
  if (vehicle.state === "moving" && age_s > HOLLOW_S) return "silent";
  if (vehicle.order) return "on_order";
  return vehicle.state === "moving" ? "without_order" : "available";
}
