import { expect, test } from "vitest";
import { bodyOf, type Field } from "./acts";

const toInstant = (wallTime: string) => `${wallTime}:00+08:00`;
const body = (fields: Field[], filled: Record<string, unknown>) =>
  bodyOf(fields, filled, toInstant);

test("what was left empty is no member of the body", () => {
  const fields: Field[] = [
    { name: "name", label: "name", kind: "text" },
    { name: "note", label: "note", kind: "area" },
    { name: "roles", label: "roles", kind: "choice", many: true },
  ];
  expect(body(fields, { name: " 一中队 ", note: "", roles: [] })).toEqual({ name: "一中队" });
});

test("a dotted name leads into a member of a member", () => {
  const fields: Field[] = [
    { name: "holder.person_id", label: "person", kind: "pick" },
    { name: "holder.note", label: "note", kind: "text" },
  ];
  expect(body(fields, { "holder.person_id": "p", "holder.note": "n" })).toEqual({
    holder: { person_id: "p", note: "n" },
  });
});

test("yuan become fen without a rest of binary fractions", () => {
  const fields: Field[] = [{ name: "price_fen", label: "price", kind: "yuan" }];
  expect(body(fields, { price_fen: 179999.99 })).toEqual({ price_fen: 17999999 });
});

test("wall times are those of Shanghai", () => {
  const fields: Field[] = [{ name: "start", label: "start", kind: "instant" }];
  expect(body(fields, { start: "2026-11-22T08:30" })).toEqual({
    start: "2026-11-22T08:30:00+08:00",
  });
});

test("no and zero are answers", () => {
  const fields: Field[] = [
    { name: "open_below", label: "open_below", kind: "flag" },
    { name: "count", label: "count", kind: "number" },
  ];
  expect(body(fields, { open_below: false, count: 0 })).toEqual({ open_below: false, count: 0 });
});
