import { expect, test } from "vitest";
import { stateAfter, type Tap } from "./driving";

const tap = (action: Tap["action"], order_id = "1"): Tap => ({
  order_id,
  action,
  tapped_at: "2026-11-22T02:00:00Z",
  revision: null,
  odometer_m: null,
  latitude: null,
  longitude: null,
});

test("undelivered taps carry the order on in their sequence", () => {
  const order = { id: "1", state: "accepted" } as const;
  expect(stateAfter(order, [tap("depart"), tap("arrive")])).toBe("arrived");
});

test("a tap that the server already has changes nothing twice", () => {
  expect(stateAfter({ id: "1", state: "departed" }, [tap("depart")])).toBe("departed");
});

test("taps of another order do not count", () => {
  expect(stateAfter({ id: "1", state: "assigned" }, [tap("accept", "2")])).toBe("assigned");
});
