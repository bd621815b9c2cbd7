import type { RideRequest } from "../api/types";
import { instantOf, wallTimeOf } from "../time/format";

export type Preset = "now" | "hour" | "afternoon" | "tomorrow" | "other";

export const PRESETS: readonly Preset[] = ["now", "hour", "afternoon", "tomorrow", "other"];

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * The start that a preset means at `now_ms`, as an instant in ms; null for `other`, and for an
 * afternoon that is over. Starts lie on whole five minutes, at least five from now.
 */
export function startOf(preset: Preset, now_ms: number): number | null {
  const day = wallTimeOf(now_ms).slice(0, 10);
  const tomorrow = wallTimeOf(now_ms + DAY_MS).slice(0, 10);
  switch (preset) {
    case "now":
      return roundUp(now_ms + 5 * MINUTE_MS);
    case "hour":
      return roundUp(now_ms + 60 * MINUTE_MS);
    case "afternoon": {
      const start = Date.parse(instantOf(`${day}T14:00`));
      return start > now_ms ? start : null;
    }
    case "tomorrow":
      return Date.parse(instantOf(`${tomorrow}T09:00`));
    case "other":
      return null;
  }
}

/** The wall time that a chosen preset names, kept until it is sent; none for times from now on. */
export function keptStart(preset: Preset, now_ms: number): { start?: string } {
  const at = preset === "afternoon" || preset === "tomorrow" ? startOf(preset, now_ms) : null;
  return at === null ? {} : { start: wallTimeOf(at) };
}

/** When a ride starts: so long after it is sent, or at the wall time that was chosen. */
export function startAt(preset: Preset, start: string, now_ms: number): number {
  const from_now = preset === "now" || preset === "hour" ? startOf(preset, now_ms) : null;
  return from_now ?? Date.parse(instantOf(start));
}

function roundUp(at_ms: number): number {
  const step = 5 * MINUTE_MS;
  return Math.ceil(at_ms / step) * step;
}

const SOON_MS = 3 * 60 * MINUTE_MS;
const AHEAD = new Set(["assigned", "accepted"]);

/** The requests whose vehicle is awaited now: on its way, or to start soon; the earliest first. */
export function awaited(requests: RideRequest[], now_ms: number): RideRequest[] {
  const isAwaited = ({ state, period }: RideRequest) =>
    state === "departed" || (AHEAD.has(state) && Date.parse(period.start) < now_ms + SOON_MS);
  return requests
    .filter(isAwaited)
    .sort((a, b) => Date.parse(a.period.start) - Date.parse(b.period.start));
}
