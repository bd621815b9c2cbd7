/** Times are shown in Asia/Shanghai wherever the browser stands (UTC+8, no summer time). */

const ZONE = "Asia/Shanghai";
const OFFSET_MS = 8 * 3600 * 1000;

const clock = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE,
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

const parts = (time: string | number) => new Date(new Date(time).getTime() + OFFSET_MS);

const two = (n: number) => (n < 10 ? `0${n}` : String(n));

/** `2026-11-22`, the Shanghai day of an instant. */
export const dayOf = (time: string | number): string => parts(time).toISOString().slice(0, 10);

/** `08:30`. */
export const timeOf = (time: string | number): string => clock.format(new Date(time));

/** `11-22 08:30`, with the year only when it is not this one. */
export function momentOf(time: string | null | undefined, now: number = Date.now()): string {
  if (!time) return "—";
  const at = parts(time);
  const day = `${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
  const year = at.getUTCFullYear() === parts(now).getUTCFullYear() ? "" : `${at.getUTCFullYear()}-`;
  return `${year}${day} ${timeOf(time)}`;
}

/** `11-22 08:30 – 10:00`; the second day is named only when it differs. */
export function periodOf(period: { start: string; end: string | null }): string {
  const start = momentOf(period.start);
  if (!period.end) return `${start} –`;
  const sameDay = dayOf(period.start) === dayOf(period.end);
  return `${start} – ${sameDay ? timeOf(period.end) : momentOf(period.end)}`;
}

/** The RFC 3339 instant of a Shanghai wall time such as `2026-11-22T08:30`. */
export const instantOf = (wallTime: string): string => `${wallTime.slice(0, 16)}:00+08:00`;

const DAY_MS = 86_400_000;

/** The instant at which a Shanghai day begins; "" for no day. */
export const dayStart = (day: string): string => (day ? instantOf(`${day}T00:00`) : "");

/** The instant at which a Shanghai day ends, which is the next one's start; "" for no day. */
export const dayEnd = (day: string): string =>
  day ? new Date(Date.parse(dayStart(day)) + DAY_MS).toISOString() : "";

/** The Shanghai wall time `2026-11-22T08:30` of an instant, as native inputs want it. */
export const wallTimeOf = (time: string | number): string => parts(time).toISOString().slice(0, 16);

/** `18.4 km`, one decimal; figures that must add up are shown by `kilometres(m, 3)`. */
export const kilometres = (metres: number | null | undefined, digits = 1): string =>
  metres === null || metres === undefined ? "—" : (metres / 1000).toFixed(digits);
