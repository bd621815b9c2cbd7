import { expect, test } from "vitest";
import type { Order } from "../api/types";
import { changesOfOrder, inMetres } from "./orderActs";

const ORDER = {
  id: "o1",
  revision: 3,
  state: "departed",
  period: { start: "2026-11-22T00:00:00Z", end: "2026-11-22T02:00:00Z" },
  actions: ["swap_vehicle", "extend", "cancel"],
} as unknown as Order;

test("only the changes that the server allows are offered, each with a reason and an override", () => {
  const acts = changesOfOrder(ORDER);
  expect(acts.map((act) => act.path)).toEqual(["/orders/o1/swap_vehicle", "/orders/o1/extend"]);
  for (const act of acts) {
    expect(act.fields.slice(-2).map((field) => field.name)).toEqual(["reason", "override"]);
    expect(act.fields.at(-1)?.needed).toBeFalsy();
  }
});

test("a swap on the road asks for both odometers, before departure for none", () => {
  const names = (state: string) =>
    changesOfOrder({ ...ORDER, state } as Order)[0]?.fields.map((field) => field.name);
  expect(names("departed")).toContain("left_odometer_km");
  expect(names("accepted")).not.toContain("left_odometer_km");
});

test("odometers are read in kilometres and sent in metres", () => {
  expect(inMetres({ odometer_km: 23456.7, reason: "故障" })).toEqual({
    odometer_m: 23456700,
    reason: "故障",
  });
});
