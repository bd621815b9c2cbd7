import { describe, expect, test } from "vitest";
import type { LiveVehicle } from "../api/types";
import { isStale, standingOf } from "./messages";
import { backOff_ms } from "./socket";
import { LiveStore, mercatorX, mercatorY } from "./store";

const AT = "2026-11-22T02:00:00Z";
const NOW = Date.parse(AT);

function vehicle(id: string, changes: Partial<LiveVehicle> = {}): LiveVehicle {
  return {
    id,
    plate: `示A${id}`,
    unit: { id: "u", name: "示例局" },
    latitude: 30,
    longitude: 120,
    speed_kmh: 0,
    course_deg: 0,
    time: AT,
    state: "standing",
    order: null,
    ...changes,
  };
}

function snapshot(...vehicles: LiveVehicle[]): LiveStore {
  const store = new LiveStore();
  store.receive({ type: "snapshot", seq: 7, at: AT, vehicles }, NOW);
  return store;
}

const update = (seq: number, vehicles: LiveVehicle[], gone: string[] = []) =>
  ({ type: "update", seq, at: AT, vehicles, gone }) as const;

describe("live store", () => {
  test("an update in sequence moves the vehicle in the list and in the array", () => {
    const store = snapshot(vehicle("1"), vehicle("2"));
    expect(store.receive(update(8, [vehicle("2", { longitude: 121 })]), NOW)).toBe(true);
    expect(store.get("2")?.longitude).toBe(121);
    expect(store.mercator[2]).toBeCloseTo(mercatorX(121), 12);
    expect(store.mercator[0]).toBeCloseTo(mercatorX(120), 12);
  });

  test("a missing sequence number asks for a new snapshot and changes nothing", () => {
    const store = snapshot(vehicle("1"));
    expect(store.receive(update(9, [vehicle("1", { longitude: 99 })]), NOW)).toBe(false);
    expect(store.get("1")?.longitude).toBe(120);
  });

  test("an update before any snapshot is refused", () => {
    expect(new LiveStore().receive(update(1, []), NOW)).toBe(false);
  });

  test("a late position does not move a vehicle back", () => {
    const store = snapshot(vehicle("1"));
    store.receive(update(8, [vehicle("1", { longitude: 99, time: "2026-11-22T01:59:00Z" })]), NOW);
    expect(store.get("1")?.longitude).toBe(120);
  });

  test("a vehicle that is gone leaves no hole", () => {
    const store = snapshot(vehicle("1"), vehicle("2"), vehicle("3", { latitude: 31 }));
    store.receive(update(8, [], ["1"]), NOW);
    expect(store.vehicles.map((v) => v.id)).toEqual(["3", "2"]);
    expect(store.mercator[1]).toBeCloseTo(mercatorY(31), 12);
    expect(store.get("1")).toBeUndefined();
  });

  test("the last of the list can go", () => {
    const store = snapshot(vehicle("1"), vehicle("2"));
    store.receive(update(8, [], ["2"]), NOW);
    expect(store.vehicles.map((v) => v.id)).toEqual(["1"]);
  });

  test("a new snapshot replaces everybody", () => {
    const store = snapshot(vehicle("1"), vehicle("2"));
    store.receive({ type: "snapshot", seq: 1, at: AT, vehicles: [vehicle("9")] }, NOW);
    expect(store.vehicles.map((v) => v.id)).toEqual(["9"]);
    expect(store.get("1")).toBeUndefined();
  });

  test("ages follow the server's clock, not the browser's", () => {
    const store = new LiveStore();
    const slow = NOW - 3_600_000;
    store.receive({ type: "snapshot", seq: 1, at: AT, vehicles: [vehicle("1")] }, slow);
    expect(store.age_s(vehicle("1"), slow + 30_000)).toBe(30);
  });

  test("an array that is full grows and keeps what it held", () => {
    const many = Array.from({ length: 1000 }, (_, n) => vehicle(String(n), { longitude: n / 10 }));
    const store = snapshot(...many);
    for (const n of [0, 127, 128, 999]) {
      expect(store.mercator[2 * n]).toBeCloseTo(mercatorX(n / 10), 12);
    }
  });
});

describe("standing", () => {
  const order = { id: "o", state: "departed" } as const;

  test.each([
    ["a standing vehicle without an order is available", {}, 0, "available"],
    ["a vehicle with an order is on order", { state: "moving", order }, 0, "on_order"],
    ["a moving vehicle without one is shown as such", { state: "moving" }, 0, "without_order"],
    ["a silent one is silent even on order", { state: "silent", order }, 0, "silent"],
    ["a moving one unheard for minutes is silent", { state: "moving" }, 301, "silent"],
  ] as const)("%s", (_, changes, age_s, standing) => {
    expect(standingOf(vehicle("1", changes), age_s)).toBe(standing);
  });

  test("minutes without a fix make one doubt a moving vehicle, but not a parked one", () => {
    expect(isStale(vehicle("1", { state: "moving" }), 120)).toBe(true);
    expect(isStale(vehicle("1", { state: "standing" }), 120)).toBe(false);
  });
});

test("the wait before reconnecting doubles to a cap", () => {
  expect([0, 1, 2, 20].map((n) => backOff_ms(n, 1))).toEqual([500, 1000, 2000, 30_000]);
  expect(backOff_ms(3, 0)).toBe(2000);
});
