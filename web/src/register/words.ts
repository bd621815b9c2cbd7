import { type Language, useLanguage, type Values } from "../i18n/language";
import { type Family, wordOf } from "../i18n/words";
import { en } from "./en";
import { type Word, zh } from "./zh";

/** The register's own labels: they come with its pages, so that the phone never carries them. */
export type Say = (word: Word, values?: Values) => string;

export function sayIn(language: Language): Say {
  const words = language === "en" ? en : zh;
  return (word, values = {}) =>
    words[word].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

export const useSay = (): Say => sayIn(useLanguage());

/** The label of a server's code name in a family such as `body`; an unknown one as it is. */
export function codeIn(say: Say, family: string, code: string | null | undefined): string {
  if (!code) return "—";
  const word = `${family}.${code}`;
  return Object.hasOwn(zh, word) ? say(word as Word) : wordOf(family as Family, code);
}
