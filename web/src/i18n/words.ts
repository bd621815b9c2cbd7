import { type Translate, translate } from "./language";
import { type Key, zh } from "./zh";

/** The families of keys whose last part is one of the server's code names. */
export type Family =
  | "state"
  | "role"
  | "category"
  | "holding"
  | "energy"
  | "purpose"
  | "service"
  | "rule"
  | "act"
  | "figure"
  | "error";

const isKey = (key: string): key is Key => Object.hasOwn(zh, key);

/** The label of a server's code name; one that this version does not know is shown as it is. */
export function wordOf(family: Family, code: string | null | undefined): string {
  if (!code) return "—";
  const key = `${family}.${code}`;
  return isKey(key) ? translate(key) : code;
}

/** Whether this version has a label for a code name. */
export const hasWord = (family: Family, code: string): boolean => isKey(`${family}.${code}`);

/** `42 秒`, `5 分钟`, `3 小时`, `2 天`: the largest unit that says enough. */
export function spanOf(t: Translate, seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 90) return t("common.seconds", { n: s });
  if (s < 90 * 60) return t("common.minutes", { n: Math.round(s / 60) });
  if (s < 36 * 3600) return t("common.hours", { n: Math.round(s / 3600) });
  return t("common.days", { n: Math.round(s / 86400) });
}
