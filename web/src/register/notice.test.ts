import { expect, test } from "vitest";
import { readNotice, UnreadLine } from "./notice";

test("a notice is read line by line", () => {
  const text = "元旦 2027-01-01 2027-01-03\n\n班 2027-01-04 2027-02-06\n清明节 2027-04-05\n";
  expect(readNotice(text)).toEqual({
    holidays: [
      { name: "元旦", first: "2027-01-01", last: "2027-01-03" },
      { name: "清明节", first: "2027-04-05", last: "2027-04-05" },
    ],
    makeup_workdays: ["2027-01-04", "2027-02-06"],
  });
});

test("a line that can't be read is named", () => {
  for (const bad of ["元旦", "班", "元旦 1月1日", "元旦 2027-01-01 2027-01-02 2027-01-03"]) {
    expect(() => readNotice(`春节 2027-02-06\n${bad}`)).toThrow(new UnreadLine(2, bad));
  }
});
