import { expect, test } from "vitest";
import { Problem } from "../api/client";
import type { Tap } from "./driving";
import { Outbox } from "./outbox";

const tap = (action: Tap["action"]): Tap => ({
  order_id: "1",
  action,
  tapped_at: "2026-11-22T02:00:00Z",
  revision: 3,
  odometer_m: null,
  latitude: null,
  longitude: null,
});

test("taps made without a network arrive later, once each, in their order", async () => {
  let online = false;
  const arrived: string[] = [];
  const box = new Outbox(async ({ action }) => {
    if (!online) throw new Problem(0, "offline", "offline");
    arrived.push(action);
    return undefined;
  });
  await box.put(tap("accept"));
  await box.put(tap("depart"));
  expect(box.taps).toHaveLength(2);
  online = true;
  await box.flush();
  expect(arrived).toEqual(["accept", "depart"]);
  expect(box.taps).toHaveLength(0);
});

test("a tap that had to wait tells what happened, whatever was changed meanwhile", async () => {
  let online = false;
  const seen: (number | null)[] = [];
  const box = new Outbox(async ({ revision }) => {
    seen.push(revision);
    if (!online) throw new Problem(0, "offline", "offline");
    return undefined;
  });
  await box.put(tap("accept"));
  online = true;
  await box.flush();
  expect(seen).toEqual([3, null]);
});

test("a refused tap leaves the box and is told", async () => {
  const box = new Outbox(async () => {
    throw new Problem(409, "illegal-step", "The step is not possible now.");
  });
  await box.put(tap("accept"));
  expect(box.taps).toHaveLength(0);
  expect(box.refusal?.problem.type).toBe("illegal-step");
});

test("a server that is away keeps the tap", async () => {
  const box = new Outbox(async () => {
    throw new Problem(503, "unavailable", "away");
  });
  await box.put(tap("accept"));
  expect(box.taps).toHaveLength(1);
});
