import { lookUp, type OwnWords, type Translate, useLanguage } from "../language";
import type { Key as SharedKey } from "../zh";
import { type Key as OwnKey, zh } from "./zh";

export type Key = SharedKey | OwnKey;

/** What the console adds to the shared words. */
export const CONSOLE_WORDS: OwnWords = { zh, en: async () => (await import("./en")).en };

/** The label of a shared key or one of the console's own, in the page's language. */
export const translate: Translate<Key> = lookUp;

/** The translator of the console's pages: shared keys and the console's own. */
export function useT(): Translate<Key> {
  useLanguage();
  return translate;
}
