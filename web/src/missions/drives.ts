/** Drives to be entered afterwards (补单), many at once, as rows. */
import { inMetres } from "../orders/orderActs";
import { bodyOf, type Field } from "../register/acts";

export type Row = Record<string, unknown>;
type ToInstant = (wallTime: string) => string;

export const MOST_DRIVES = 100;
/** What a further drive usually has in common with the one before it. */
const ALIKE = ["passengers", "purpose_text", "origin", "destination", "departed_at", "returned_at"];

/** A further row, with what it usually has in common with the last. */
export const rowAfter = (last: Row | undefined): Row =>
  Object.fromEntries(ALIKE.map((name) => [name, last?.[name]]));

/** What is sent: each row a drive, in order. */
export const drivesOf = (fields: readonly Field[], rows: readonly Row[], toInstant: ToInstant) =>
  rows.map((row) => inMetres(bodyOf(fields, row, toInstant)));

/** The rows that were refused, which stay to be corrected. */
export const refusedOf = (rows: readonly Row[], refused: readonly { index: number }[]): Row[] =>
  rows.filter((_, n) => refused.some(({ index }) => index === n));
