import type { CalendarNotice } from "../api/types";

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** What a line of make-up working days begins with. */
const MAKE_UP = "班";

/** A line that says neither a run of holidays nor make-up working days. */
export class UnreadLine extends Error {
  constructor(
    readonly number: number,
    readonly line: string,
  ) {
    super(`${number}: ${line}`);
  }
}

/** The runs and make-up days of a notice, one a line: `元旦 2027-01-01 2027-01-03` or `班 2027-01-04`. */
export function readNotice(text: string): Pick<CalendarNotice, "holidays" | "makeup_workdays"> {
  const holidays: CalendarNotice["holidays"] = [];
  const makeup_workdays: string[] = [];
  text.split("\n").forEach((line, n) => {
    const [name, ...days] = line.trim().split(/\s+/);
    if (!name) return;
    const [first, last = first] = days;
    const known = days.every((day) => DAY.test(day));
    if (known && name === MAKE_UP && first) makeup_workdays.push(...days);
    else if (known && first && last && days.length <= 2) holidays.push({ name, first, last });
    else throw new UnreadLine(n + 1, line);
  });
  return { holidays, makeup_workdays };
}
