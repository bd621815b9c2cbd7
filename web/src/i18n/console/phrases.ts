/** How names and statements are put together, in the page's language. */
import { translate } from "./words";

/** Several of one kind in a row. */
export const listed = (names: readonly string[]): string => names.join(translate("common.and"));

/** Statements in a row. */
export const statements = (said: readonly string[]): string => said.join(translate("common.also"));

/** A word and, in brackets, what belongs to it. */
export const beside = (what: string | number, more: string | number): string =>
  translate("common.beside", { what, more });

/** What something is, after its name. */
export const told = (what: string, value: string): string =>
  translate("common.told", { what, value });
