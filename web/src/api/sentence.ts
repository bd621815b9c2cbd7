import type { Translate } from "../i18n/language";
import { hasWord, wordOf } from "../i18n/words";
import { Problem } from "./client";

/** What to tell a person about a failure: our own word for a known problem, else the server's. */
export function sentenceOf(t: Translate, error: unknown): string {
  if (error instanceof Problem) {
    if (hasWord("error", error.type)) return wordOf("error", error.type);
    return t("error.other", { detail: error.message });
  }
  return t("error.other", { detail: error instanceof Error ? error.message : String(error) });
}
