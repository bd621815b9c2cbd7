import { expect, test } from "vitest";
import { minutesLeft, stageOf } from "./minutes";

const ARRIVAL = {
  at: "2026-11-22T08:00:00Z",
  seconds: 61,
  distance_m: 900,
  travel_times: "roads",
  route: [],
} as const;
const arrival = { ...ARRIVAL, route: [] };

test("a minute and a second are two minutes: nobody is told to come too late", () => {
  expect(minutesLeft({ phase: "approaching", arrival })).toBe(2);
});

test("a vehicle that is there, or of unknown place, has no minutes left", () => {
  expect(minutesLeft({ phase: "here", arrival })).toBeNull();
  expect(minutesLeft({ phase: "approaching", arrival: null })).toBeNull();
});

test("a vehicle at the pick-up is at the last step, whatever the driver has tapped", () => {
  expect(stageOf({ phase: "here", state: "accepted" })).toBe("here");
  expect(stageOf({ phase: "approaching", state: "accepted" })).toBe("accepted");
});
