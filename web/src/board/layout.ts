/** Where things stand on the board: pure figures, in percent of the window's width. */
import { timeOf } from "../time/format";

/** [start, end), ms since 1970. */
export interface Window {
  start: number;
  end: number;
}

interface Period {
  start: string;
  end: string | null;
}

export interface Place {
  left: number;
  width: number;
  /** It began before the window, or goes on after it. */
  before: boolean;
  after: boolean;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Nothing is thinner than this, so that it can be seen. */
const THINNEST = 0.4;

/** Where a period stands in the window; null where they don't meet. An open end goes on. */
export function placeOf(period: Period, window: Window): Place | null {
  const start = Date.parse(period.start);
  const end = period.end === null ? Number.POSITIVE_INFINITY : Date.parse(period.end);
  if (start >= window.end || end <= window.start) return null;
  const left = share(Math.max(start, window.start), window);
  const width = Math.max(share(Math.min(end, window.end), window) - left, THINNEST);
  return {
    left: Math.min(left, 100 - THINNEST),
    width,
    before: start < window.start,
    after: end > window.end,
  };
}

/** Where an instant stands in the window; null outside it. */
export function pointOf(at: number, window: Window): number | null {
  return at < window.start || at >= window.end ? null : share(at, window);
}

const share = (at: number, { start, end }: Window) => ((at - start) / (end - start)) * 100;

export interface Tick {
  at: number;
  left: number;
  label: string;
}

/** The marks of the time axis: every second hour of one day, else every midnight of Shanghai. */
export function ticksOf(window: Window): Tick[] {
  const whole = window.end - window.start;
  const step = whole <= DAY_MS ? 2 * HOUR_MS : DAY_MS;
  const ticks: Tick[] = [];
  for (let at = window.start; at < window.end; at += step) {
    const label = step === DAY_MS ? dayLabel(at) : timeOf(at);
    ticks.push({ at, left: share(at, window), label });
  }
  return ticks;
}

const dayLabel = (at: number) => new Date(at + 8 * HOUR_MS).toISOString().slice(5, 10);

/** The row that so many steps from this one leads to; the ends hold. */
export function stepTo(ids: readonly string[], from: string, steps: number): string {
  const at = ids.indexOf(from);
  return ids[Math.min(Math.max(at + steps, 0), ids.length - 1)] ?? from;
}
