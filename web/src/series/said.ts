/** A series in words. */
import type { Series } from "./types";
import type { Say } from "./words";

type Days = Pick<Series, "repeats" | "weekdays" | "start_time" | "end_time">;

/** `每周 周一、周三 08:00–10:00`. */
export function timesSaid(say: Say, { repeats, weekdays, start_time, end_time }: Days): string {
  const days = weekdays.map((n) => say(`weekday.${n}` as Parameters<Say>[0]));
  const named = [say(`repeats.${repeats}`), ...(days.length > 0 ? [listed(say, days)] : [])];
  const until = end_time > start_time ? end_time : `${end_time}${say("next_day")}`;
  return `${named.join(" ")} ${start_time}–${until}`;
}

/** `11-24 周二`: a day with its weekday. */
export function daySaid(say: Say, day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
  return `${day.slice(5)} ${say(`weekday.${weekday}` as Parameters<Say>[0])}`;
}

/** `11-24 周二 – 12-21 周一`: from its first day until its last one. */
export const betweenSaid = (say: Say, series: Pick<Series, "first_day" | "last_day">): string =>
  `${daySaid(say, series.first_day)} – ${daySaid(say, series.last_day)}`;

/** Several of one kind in a row. */
export const listed = (say: Say, names: readonly string[]): string => names.join(say("and"));
