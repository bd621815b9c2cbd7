import { useSyncExternalStore } from "react";
import { type Key, zh } from "./zh";

export type Language = "zh-CN" | "en";
export type Values = Record<string, string | number>;
/** What a label's `{names}` stand for, of whatever type the server told it. */
export type Facts = Readonly<Record<string, unknown>>;
export type Translate<Keys extends string = Key> = (key: Keys, values?: Values) => string;
type Words = Readonly<Record<string, string>>;

/** Words that one kind of page brings along; English is fetched only where it is wanted. */
export interface OwnWords {
  zh: Words;
  en: () => Promise<Words>;
}

const KEPT = "gongche.language";
const listeners = new Set<() => void>();

let language: Language = "zh-CN";
let words: Words = zh;
let own: OwnWords | null = null;

function remembered(): Language {
  try {
    return localStorage.getItem(KEPT) === "en" ? "en" : "zh-CN";
  } catch {
    return "zh-CN"; // Storage is refused in some web views.
  }
}

/** Show the page in the language remembered in this browser; await it before the first render. */
export function startLanguage(ownWords: OwnWords | null = null): Promise<void> {
  own = ownWords;
  return show(remembered());
}

/** Change the language of the whole page and remember it in this browser. */
export async function setLanguage(next: Language): Promise<void> {
  try {
    localStorage.setItem(KEPT, next);
  } catch {
    // Not remembered, still shown.
  }
  await show(next);
}

async function show(next: Language): Promise<void> {
  const [shared, added] = next === "en" ? await Promise.all([english(), own?.en()]) : [zh, own?.zh];
  words = { ...shared, ...added };
  language = next;
  document.documentElement.lang = language;
  document.title = translate("title");
  for (const listener of listeners) listener();
}

const english = async (): Promise<Words> => (await import("./en")).en;

/** Whether the page has a label of this key. */
export const hasKey = (key: string): boolean => Object.hasOwn(words, key);

/** The label of any key that the page carries, its `{names}` filled in; an unknown key as it is. */
export function lookUp(key: string, values: Facts = {}): string {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** The label of a shared key in the page's language. */
export const translate: Translate = lookUp;

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useLanguage = (): Language => useSyncExternalStore(subscribe, () => language);

/** The translator of shared keys, re-rendering its component when the language changes. */
export function useT(): Translate {
  useLanguage();
  return translate;
}
