import { useSyncExternalStore } from "react";
import { type Dictionary, type Key, zh } from "./zh";

export type Language = "zh-CN" | "en";
export type Values = Record<string, string | number>;
export type Translate = (key: Key, values?: Values) => string;

const KEPT = "gongche.language";
const listeners = new Set<() => void>();

let language: Language = "zh-CN";
let dictionary: Dictionary = zh;

function remembered(): Language {
  try {
    return localStorage.getItem(KEPT) === "en" ? "en" : "zh-CN";
  } catch {
    return "zh-CN"; // Storage is refused in some web views.
  }
}

/** Show the page in the language remembered in this browser; await it before the first render. */
export const startLanguage = (): Promise<void> => show(remembered());

/** Change the language of the whole page and remember it in this browser. */
export async function setLanguage(next: Language): Promise<void> {
  try {
    localStorage.setItem(KEPT, next);
  } catch {
    // Not remembered, still shown.
  }
  await show(next);
}

/** English is fetched only where it is wanted. */
async function show(next: Language): Promise<void> {
  dictionary = next === "en" ? (await import("./en")).en : zh;
  language = next;
  document.documentElement.lang = language;
  document.title = translate("title");
  for (const listener of listeners) listener();
}

/** The label of a key in the page's language, its `{names}` filled in. */
export const translate: Translate = (key, values = {}) => {
  const text = dictionary[key];
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
};

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useLanguage = (): Language => useSyncExternalStore(subscribe, () => language);

/** The translator, re-rendering its component when the language changes. */
export function useT(): Translate {
  useLanguage();
  return translate;
}
