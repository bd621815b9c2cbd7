import { type Facts, hasKey, lookUp, type Translate } from "./language";

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
  | "left"
  | "term"
  | "warning"
  | "figure"
  | "error";

/** The label of a server's code name, with what it told beside it filled in; one that this page
 * does not know is shown as it is. */
export function wordOf(family: Family, code: string | null | undefined, facts?: Facts): string {
  if (!code) return "—";
  const key = `${family}.${code}`;
  return hasKey(key) ? lookUp(key, facts) : code;
}

/** Whether this page has a label for a code name. */
export const hasWord = (family: Family, code: string): boolean => hasKey(`${family}.${code}`);

/** `42 秒`, `5 分钟`, `3 小时`, `2 天`: the largest unit that says enough. */
export function spanOf(t: Translate, seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 90) return t("common.seconds", { n: s });
  if (s < 90 * 60) return t("common.minutes", { n: Math.round(s / 60) });
  if (s < 36 * 3600) return t("common.hours", { n: Math.round(s / 3600) });
  return t("common.days", { n: Math.round(s / 86400) });
}
