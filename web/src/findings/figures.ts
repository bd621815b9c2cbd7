import { translate } from "../i18n/language";
import { hasWord, spanOf, wordOf } from "../i18n/words";
import { kilometres, momentOf } from "../time/format";

type Figure = string | number | boolean | null;

/** A figure in words; its unit is read from the end of its name (`_m`, `_s`, `_kmh`, `_at`). */
export function figureOf(name: string, value: Figure): string {
  if (value === null) return "—";
  if (typeof value === "boolean") return translate(value ? "common.yes" : "common.no");
  if (typeof value === "string") return name.endsWith("_at") ? momentOf(value) : value;
  if (name.endsWith("_kmh")) return translate("live.kmh", { n: Math.round(value) });
  if (name.endsWith("_m")) return translate("common.km", { n: kilometres(value, 3) });
  if (name.endsWith("_s")) return spanOf(translate, value);
  return String(value);
}

/** A figure's name in words. */
export const figureName = (name: string): string =>
  hasWord("figure", name) ? wordOf("figure", name) : name;

const LEADING = ["unexplained_m", "distance_m", "driven_m", "distance_from_base_m"];

/** The figure that stands in the list: the kilometres first, else the first there is. */
export function leadingFigure(figures: Record<string, Figure>): [string, Figure] | null {
  const name = LEADING.find((known) => known in figures) ?? Object.keys(figures)[0];
  return name === undefined ? null : [name, figures[name] ?? null];
}
