/** Labels that belong to one part of the pages and load with it. */
import { useLanguage, type Values } from "./language";

export type ChunkWords = Readonly<Record<string, readonly [zh: string, en: string]>>;
export type Say<Words extends ChunkWords> = (word: keyof Words, values?: Values) => string;

/** Return the hook by which a part says its own words in the page's language. */
export const sayingOf =
  <Words extends ChunkWords>(words: Words) =>
  (): Say<Words> => {
    const at = useLanguage() === "en" ? 1 : 0;
    return (word, values = {}) =>
      (words[word]?.[at] ?? "").replace(/\{(\w+)\}/g, (_, name: string) =>
        String(values[name] ?? ""),
      );
  };
