import { expect, test } from "vitest";
import { bodyOf, changesOf, type Field } from "./acts";

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

test("a change sends what differs, null for what was emptied, and nothing that is as it was", () => {
  const fields: Field[] = [
    { name: "model", label: "vehicle.model", kind: "text", initial: "轿车" },
    { name: "use_type", label: "vehicle.use_type", kind: "text", initial: "机要" },
    { name: "vin", label: "vehicle.vin", kind: "text" },
    { name: "price_fen", label: "vehicle.price_fen", kind: "yuan", initial: 180000 },
    { name: "until", label: "drivers.until", kind: "instant", initial: "2026-11-22T08:30" },
    { name: "no_phone", label: "people.no_phone", kind: "flag", clears: "phone" },
  ];
  const before = {
    model: "轿车",
    use_type: "机要",
    price_fen: 180000,
    until: "2026-11-22T08:30",
  };
  const changes = (filled: Record<string, unknown>) => changesOf(fields, filled, toInstant);
  expect(changes(before)).toEqual({});
  expect(changes({ ...before, use_type: "", until: "", vin: "", no_phone: false })).toEqual({
    use_type: null,
    until: null,
  });
  expect(changes({ ...before, model: "客车", price_fen: 0, no_phone: true })).toEqual({
    model: "客车",
    price_fen: 0,
    phone: null,
  });
});
