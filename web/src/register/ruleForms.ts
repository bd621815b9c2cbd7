import type { RuleValue } from "../api/types";
import { listed, statements } from "../i18n/console/phrases";
import type { Act, Field } from "./acts";
import { CATEGORIES } from "./codes";
import { codeIn, type Say } from "./words";

interface UseType {
  category: string;
  code: string;
  name: string;
}

interface Circle {
  name: string;
  latitude: number;
  longitude: number;
  radius_m: number;
}

interface AutoDispatchLimits {
  purposes: string[] | null;
  longest_ride_s: number;
  greatest_empty_m: number;
  vehicles: string;
  hours: { start: string; end: string } | null;
}

interface SharingDetour {
  default_percent: number;
  default_s: number;
  greatest_percent: number;
  greatest_s: number;
}

const REASON: Field = { name: "reason", label: "reason", kind: "text" };
const OPEN: Field = { name: "open_below", label: "open_below", kind: "flag" };

/** The rules that are a choice, and the family of its labels. */
const CHOICES: Partial<Record<RuleValue["key"], { family: string; codes: readonly string[] }>> = {
  over_quota: { family: "exceeding", codes: ["refuse", "flag"] },
  over_standard: { family: "exceeding", codes: ["refuse", "flag"] },
  departure_check: { family: "checking", codes: ["off", "required"] },
  cross_unit: { family: "opening", codes: ["open", "closed"] },
  auto_dispatch: { family: "automation", codes: ["off", "suggest", "assign"] },
};

const PURPOSES = [
  "inspection",
  "meeting",
  "reception",
  "document",
  "emergency",
  "group_activity",
  "other",
];

const listIn = <T>(value: unknown): T[] => (Array.isArray(value) ? value : []);

/** What a rule says, as people read it. */
export function ruleText(rule: RuleValue, say: Say): string {
  if (typeof rule.value === "number") return amountOf(rule.value, rule.unit ?? "", say);
  const choice = CHOICES[rule.key];
  if (choice) return codeIn(say, choice.family, String(rule.value));
  return statements(entries(rule, say)) || "—";
}

/** A number with its unit: long times by the hour, years by their name. */
export function amountOf(value: number, unit: string, say: Say): string {
  if (unit === "a") return say("rules.years", { n: value });
  if (unit !== "s" || value % 60 !== 0) return `${value} ${unit}`.trim();
  return value % 1800 === 0 && value > 0 ? `${value / 3600} h` : `${value / 60} min`;
}

function entries(rule: RuleValue, say: Say): string[] {
  switch (rule.key) {
    case "use_types":
      return listIn<UseType>(rule.value).map(
        (one) => `${codeIn(say, "category", one.category)} · ${one.name}`,
      );
    case "allowance_area":
      return listIn<Circle>(rule.value).map((one) => `${one.name} · ${one.radius_m} m`);
    case "allowance_purposes":
      return listIn<string>(rule.value).map((one) => codeIn(say, "purpose", one));
    case "auto_dispatch_limits":
      return [limitsText(rule.value as AutoDispatchLimits, say)];
    case "sharing_detour":
      return [detourText(rule.value as SharingDetour, say)];
    default:
      return [JSON.stringify(rule.value)];
  }
}

function limitsText(limits: AutoDispatchLimits, say: Say): string {
  const purposes =
    limits.purposes && listed(limits.purposes.map((one) => codeIn(say, "purpose", one)));
  return [
    purposes ?? say("limits.all_purposes"),
    `≤ ${limits.longest_ride_s / 3600} h`,
    `≤ ${limits.greatest_empty_m / 1000} km`,
    codeIn(say, "reach", limits.vehicles),
    ...(limits.hours ? [`${clock(limits.hours.start)}–${clock(limits.hours.end)}`] : []),
  ].join(" · ");
}

const detourText = (detour: SharingDetour, say: Say): string =>
  say("detour.text", {
    percent: detour.default_percent,
    minutes: detour.default_s / 60,
    greatest_percent: detour.greatest_percent,
    greatest_minutes: detour.greatest_s / 60,
  });

const clock = (time: string | undefined) => time?.slice(0, 5);

/** The fields in which a new value is said; null where the page has no form for the rule. */
export function formOf(rule: RuleValue): Pick<Act, "fields" | "shape"> | null {
  const rest = [{ ...OPEN, initial: rule.open_below }, REASON];
  const value = { name: "value", label: "rules.value", needed: true, initial: rule.value } as const;
  const choice = CHOICES[rule.key];
  if (typeof rule.value === "number") {
    return { fields: [{ ...value, kind: "number", unit: rule.unit ?? "" }, ...rest] };
  }
  if (choice) return { fields: [{ ...value, kind: "choice", ...choice }, ...rest] };
  switch (rule.key) {
    case "use_types":
      return oneMore(rule, ["category", "code", "name"], [...USE_TYPE, ...rest]);
    case "allowance_area":
      return oneMore(rule, ["name", "latitude", "longitude", "radius_m"], [...CIRCLE, ...rest]);
    case "allowance_purposes": {
      const purposes = { kind: "choice", family: "purpose", codes: PURPOSES, many: true } as const;
      return { fields: [{ ...value, ...purposes }, ...rest] };
    }
    case "auto_dispatch_limits":
      return { fields: [...limitFields(rule.value as AutoDispatchLimits), ...rest] };
    case "sharing_detour":
      return { fields: [...detourFields(rule.value as SharingDetour), ...rest] };
    default:
      return null;
  }
}

const limitFields = (limits: AutoDispatchLimits): Field[] => [
  {
    name: "value.purposes",
    label: "limits.purposes",
    kind: "choice",
    family: "purpose",
    codes: PURPOSES,
    many: true,
    initial: limits.purposes ?? undefined,
  },
  {
    name: "value.longest_ride_s",
    label: "limits.longest_ride_s",
    kind: "number",
    needed: true,
    initial: limits.longest_ride_s,
  },
  {
    name: "value.greatest_empty_m",
    label: "limits.greatest_empty_m",
    kind: "number",
    needed: true,
    initial: limits.greatest_empty_m,
  },
  {
    name: "value.vehicles",
    label: "limits.vehicles",
    kind: "choice",
    family: "reach",
    codes: ["own_unit", "pool", "cross_unit"],
    needed: true,
    initial: limits.vehicles,
  },
  {
    name: "value.hours.start",
    label: "limits.from",
    kind: "text",
    initial: clock(limits.hours?.start),
  },
  {
    name: "value.hours.end",
    label: "limits.until",
    kind: "text",
    initial: clock(limits.hours?.end),
  },
];

const detourFields = (detour: SharingDetour): Field[] =>
  (["default_percent", "default_s", "greatest_percent", "greatest_s"] as const).map((name) => ({
    name: `value.${name}`,
    label: `detour.${name}`,
    kind: "number",
    needed: true,
    initial: detour[name],
  }));

const USE_TYPE: readonly Field[] = [
  { name: "category", label: "vehicle.category", kind: "choice", codes: CATEGORIES, needed: true },
  { name: "code", label: "rules.code", kind: "text", needed: true },
  { name: "name", label: "name", kind: "text", needed: true },
];

const CIRCLE: readonly Field[] = [
  { name: "name", label: "name", kind: "text", needed: true },
  { name: "latitude", label: "rules.latitude", kind: "number", needed: true },
  { name: "longitude", label: "rules.longitude", kind: "number", needed: true },
  { name: "radius_m", label: "rules.radius_m", kind: "number", needed: true },
];

/** One more entry of a list: the members named are the entry's, the others the rule's. */
function oneMore(rule: RuleValue, names: string[], fields: Field[]): Pick<Act, "fields" | "shape"> {
  return {
    fields,
    shape: (body) => {
      const told = Object.entries(body);
      const entry = Object.fromEntries(told.filter(([name]) => names.includes(name)));
      const others = Object.fromEntries(told.filter(([name]) => !names.includes(name)));
      return { ...others, value: [...listIn(rule.value), entry] };
    },
  };
}
