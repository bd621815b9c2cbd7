import type { Translate } from "../i18n/language";
import { hasWord, wordOf } from "../i18n/words";
import { Problem } from "./client";

/** What to tell a person about a failure: our own word for a known problem, else the server's. */
export function sentenceOf(t: Translate, error: unknown): string {
  if (error instanceof Problem) {
    const said = objectionsIn(error);
    if (said) return said;
    if (hasWord("error", error.type)) return wordOf("error", error.type, error.facts);
    return t("error.other", { detail: error.message });
  }
  return t("error.other", { detail: error instanceof Error ? error.message : String(error) });
}

/** What the rules say against a choice, each in its own sentence; empty where none does. */
function objectionsIn(problem: Problem): string {
  if (problem.type !== "override-needs-reason") return "";
  const objections = (problem.facts.objections ?? []) as { sentence: string }[];
  return objections.map(({ sentence }) => sentence).join("；");
}
