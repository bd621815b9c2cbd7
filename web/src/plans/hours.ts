/** How much of each vehicle type is promised by the hour: pure figures. */
import type { Reservation } from "./types";

const HOUR_MS = 3_600_000;
export const HOURS = 24;

/** A type of vehicle of one organisation, and how many are promised in each hour of a day. */
export interface TypeHours {
  key: string;
  type: Pick<Reservation, "organisation" | "category" | "energy" | "holding">;
  /** In each hour the most at one moment: so many vehicles it takes. */
  hours: number[];
}

/** Count by type and hour, from `start` (ms since 1970) on; the types in the order of their names. */
export function promisedByHour(items: readonly Reservation[], start: number): TypeHours[] {
  const byType = new Map<string, Reservation[]>();
  for (const one of items) {
    const key = [one.organisation.name, one.category, one.energy, one.holding].join(" ");
    byType.set(key, [...(byType.get(key) ?? []), one]);
  }
  return [...byType]
    .sort(([a], [b]) => a.localeCompare(b, "zh-CN"))
    .flatMap(([key, held]) => {
      const [type] = held;
      if (!type) return [];
      const spans = held.map((one): Span => [Date.parse(one.period.start), endOf(one)]);
      const hours = Array.from({ length: HOURS }, (_, hour) =>
        mostIn(spans, start + hour * HOUR_MS),
      );
      return [{ key, type, hours }];
    });
}

type Span = readonly [start: number, end: number];

const endOf = ({ period }: Reservation) =>
  period.end === null ? Number.POSITIVE_INFINITY : Date.parse(period.end);

/** The most spans that hold at one moment of an hour: it is its beginning, or where one begins. */
function mostIn(spans: readonly Span[], hour: number): number {
  const within = (at: number) => at >= hour && at < hour + HOUR_MS;
  const moments = [hour, ...spans.map(([start]) => start).filter(within)];
  return Math.max(
    ...moments.map((at) => spans.filter(([start, end]) => start <= at && at < end).length),
  );
}
