import { translate } from "../i18n/console/words";
import { hasWord, spanOf, wordOf } from "../i18n/words";
import { kilometres, momentOf } from "../time/format";

const INSTANT = /^\d{4}-\d{2}-\d{2}T/;

/** A figure in words; its unit is read from the end of its name (`_m`, `_s`, `_kmh`). */
export function figureOf(name: string, value: unknown): string {
  if (value === null || value === undefined) return "—";
  if (typeof value === "boolean") return translate(value ? "common.yes" : "common.no");
  if (typeof value === "string") return INSTANT.test(value) ? momentOf(value) : value;
  if (typeof value !== "number") return JSON.stringify(value);
  if (name.endsWith("_kmh")) return translate("live.kmh", { n: Math.round(value) });
  if (name.endsWith("_m")) return translate("common.km", { n: kilometres(value, 3) });
  if (name.endsWith("_s")) return spanOf(translate, value);
  return String(value);
}

/** A figure's name in words. */
export const figureName = (name: string): string =>
  hasWord("figure", name) ? wordOf("figure", name) : name;

/** As a person reads them: when, where, how far; the store keeps keys by the alphabet. */
const READING = [
  "start",
  "end",
  "duration_s",
  "window_start",
  "window_end",
  "away_s",
  "base",
  "farthest_from_base_m",
  "distance_m",
  "trip_distance_m",
];

const placeOf = (name: string): number => {
  const place = READING.indexOf(name);
  return place < 0 ? READING.length : place;
};

const LEADING = ["distance_m", "away_s", "farthest_from_base_m"];

/** The figures that a person reads, in order: not the references, and none without a value. */
export const readable = (figures: Record<string, unknown>): [string, unknown][] =>
  Object.entries(figures)
    .filter(([name, value]) => value !== null && hasWord("figure", name))
    .sort(([a], [b]) => placeOf(a) - placeOf(b));

/** The figure that stands in the list: the kilometres first, else the first there is. */
export function leadingFigure(figures: Record<string, unknown>): [string, unknown] | null {
  const name = LEADING.find((known) => known in figures) ?? Object.keys(figures)[0];
  return name === undefined ? null : [name, figures[name] ?? null];
}
