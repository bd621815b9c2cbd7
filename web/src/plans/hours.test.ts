import { expect, test } from "vitest";
import { promisedByHour } from "./hours";
import type { Reservation } from "./types";

const START = Date.parse("2026-11-23T00:00:00+08:00");

const held = (start: string, end: string, more: Partial<Reservation> = {}): Reservation => ({
  id: `${start}${end}`,
  request_id: "",
  state: "held",
  organisation: { id: "", name: "机关事务中心" },
  category: null,
  energy: null,
  holding: null,
  sharing: false,
  ride: at(start, end),
  period: at(start, end),
  made_by: null,
  automatic: true,
  order_id: null,
  ended_at: null,
  reason: null,
  recorded_at: "2026-11-22T00:00:00Z",
  ...more,
});

const at = (start: string, end: string) => ({
  start: `2026-11-23T${start}:00+08:00`,
  end: `2026-11-23T${end}:00+08:00`,
});

test("two that follow each other within an hour take one vehicle, two at once take two", () => {
  const [one] = promisedByHour([held("08:00", "09:20"), held("09:20", "10:00")], START);
  expect(one?.hours.slice(7, 11)).toEqual([0, 1, 1, 0]);
  const [both] = promisedByHour([held("08:00", "09:20"), held("09:10", "10:00")], START);
  expect(both?.hours.slice(7, 11)).toEqual([0, 1, 2, 0]);
});

test("each type of each organisation stands by itself", () => {
  const rows = promisedByHour(
    [held("08:00", "09:00"), held("08:00", "09:00", { energy: "electric" })],
    START,
  );
  expect(rows.map((row) => [row.type.energy, row.hours[8]])).toEqual([
    [null, 1],
    ["electric", 1],
  ]);
});

test("what began the day before is counted from midnight on", () => {
  const before = held("00:00", "01:30");
  const [row] = promisedByHour(
    [{ ...before, period: { ...before.period, start: "2026-11-22T22:00:00+08:00" } }],
    START,
  );
  expect(row?.hours.slice(0, 3)).toEqual([1, 1, 0]);
});
